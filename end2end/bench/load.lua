-- For wrk: every page in turn, in both languages.
local pages = { "/", "/funnel", "/cohorts", "/stores", "/ladder", "/members", "/channels", "/data" }
local at = 0

request = function()
  at = at + 1
  local lang = at % 2 == 0 and "en" or "zh-CN"
  return wrk.format("GET", pages[math.floor(at / 2) % #pages + 1] .. "?lang=" .. lang)
end
