//! Tiny sources in, readable rows out: what every builder test stands on.

use std::fs;
use std::path::{Path, PathBuf};

use builder::{BuildError, Options, Report, Silent};
use model::{Day, Manifest, TableReport};
use snapshot::{NONE_U8, NONE_U16, Rows, UNKNOWN_DAY};

pub(crate) struct Case {
    /// Removed with the case.
    _dir: tempfile::TempDir,
    pub(crate) options: Options,
}

/// A source folder with these files; the snapshot goes to `out`, which is not there yet.
pub(crate) fn case(files: &[(&str, &str)]) -> Case {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let options = Options::new(dir.path().join("source"), dir.path().join("out"));
    let case = Case { _dir: dir, options };
    fs::create_dir(&case.options.source).expect("a fresh folder");
    for (name, text) in files {
        case.file(name, text.as_bytes());
    }
    case
}

impl Case {
    pub(crate) fn file(&self, name: &str, bytes: &[u8]) {
        let path = self.options.source.join(name);
        fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("a folder for the file");
        fs::write(path, bytes).expect("a file in a temporary folder");
    }

    pub(crate) fn with(mut self, change: impl FnOnce(&mut Options)) -> Self {
        change(&mut self.options);
        self
    }

    pub(crate) fn out(&self) -> &PathBuf {
        &self.options.out
    }

    pub(crate) fn build(&self) -> Result<Report, BuildError> {
        tokio::runtime::Builder::new_current_thread()
            .build()
            .expect("a runtime")
            .block_on(builder::build(&self.options, &Silent))
    }

    /// Builds and reads back.
    pub(crate) fn built(&self) -> Built {
        let report = self.build().unwrap_or_else(|e| panic!("the build should succeed: {e}"));
        self.read(report, self.out())
    }

    /// Reads the part of a region back.
    pub(crate) fn part(&self, built: &Built, region: &str) -> Built {
        let scope = snapshot::scope::region_scope(region);
        let folder = snapshot::scope::scope_folder(self.out(), &scope).expect("a part's name");
        self.read(built.report.clone(), &folder)
    }

    fn read(&self, report: Report, folder: &Path) -> Built {
        let loaded = snapshot::files::load(folder).expect("a sound snapshot");
        Built { report, manifest: loaded.manifest.clone(), loaded }
    }

    /// The error of a build that must leave nothing behind.
    pub(crate) fn error(&self) -> String {
        let before = tree(self.out());
        let error = self.build().expect_err("the build should fail").to_string();
        assert_eq!(tree(self.out()), before, "a failed build must leave the folder as it was");
        assert!(!error.contains('\n'), "one line: {error}");
        error
    }

    pub(crate) fn quarantine(&self, table: &str) -> Vec<String> {
        let (manifest, _) = snapshot::files::load_manifest(self.out()).expect("a snapshot");
        let folder = snapshot::versions::version_folder(self.out(), manifest.version);
        let path = folder.join("quarantine").join(format!("{table}.csv"));
        let text = fs::read_to_string(path).unwrap_or_default();
        text.lines().skip(1).map(str::to_owned).collect()
    }
}

/// Every file below a folder with its content, without the lock.
pub(crate) fn tree(dir: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    let mut folders = vec![dir.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                files.push((path.clone(), Vec::new()));
                folders.push(path);
            } else if entry.file_name() != ".lock" {
                files.push((path.clone(), fs::read(&path).expect("a readable file")));
            }
        }
    }
    files.sort();
    files
}

pub(crate) struct Built {
    pub(crate) report: Report,
    pub(crate) manifest: Manifest,
    loaded: snapshot::files::Loaded,
}

impl Built {
    pub(crate) fn table(&self, name: &str) -> &TableReport {
        self.manifest.tables.iter().find(|t| t.table == name).unwrap_or_else(|| panic!("a report on {name}"))
    }

    /// `reason rows` of a table.
    pub(crate) fn bad(&self, name: &str) -> Vec<String> {
        self.table(name).quarantined.iter().map(|q| format!("{} {}", q.reason, q.rows)).collect()
    }

    /// `day member store channel campaign amount`, in the order of the shards; `-` where unknown.
    pub(crate) fn orders(&self) -> Vec<String> {
        self.facts(|shard| shard.orders())
    }

    pub(crate) fn anonymous(&self) -> Vec<String> {
        self.facts(|shard| shard.anonymous())
    }

    /// `day member store channel kind campaign`.
    pub(crate) fn touches(&self) -> Vec<String> {
        self.facts(|shard| shard.touches())
    }

    /// `home_store source_channel tier joined`.
    pub(crate) fn members(&self) -> Vec<String> {
        let names = &self.manifest.dimensions;
        let mut lines = Vec::new();
        for shard in &self.loaded.shards {
            for m in 0..shard.members() {
                let store = match shard.home_store()[m] {
                    NONE_U16 => "-",
                    s => &names.stores[usize::from(s)].id,
                };
                let channel = match shard.source_channel()[m] {
                    NONE_U8 => "-",
                    c => &names.channels[usize::from(c)].id,
                };
                let tier = match shard.tier()[m] {
                    NONE_U8 => "-",
                    t => &names.tiers[usize::from(t)],
                };
                let joined = match shard.joined_day()[m] {
                    UNKNOWN_DAY => "-".to_owned(),
                    day => Day::from_epoch_days(day).expect("a day").to_string(),
                };
                lines.push(format!("{store} {channel} {tier} {joined}"));
            }
        }
        lines
    }

    /// Each member in one line, with all its facts and without its number; sorted.
    pub(crate) fn lives(&self) -> Vec<String> {
        let mut lives = Vec::new();
        let mut members = self.members().into_iter();
        for (index, shard) in self.loaded.shards.iter().enumerate() {
            let mut of: Vec<Vec<String>> = (0..shard.members()).map(|_| members.next().into_iter().collect()).collect();
            let one = std::slice::from_ref(&self.loaded.shards[index]);
            for line in
                self.facts_of(one, |shard| shard.orders()).into_iter().chain(self.facts_of(one, |s| s.touches()))
            {
                let mut words: Vec<&str> = line.split(' ').collect();
                let member: usize = words.remove(1).parse().expect("a member's number");
                of[member].push(words.join(" "));
            }
            lives.extend(of.into_iter().map(|life| life.join("; ")));
        }
        lives.sort();
        lives
    }

    fn facts<'a>(&'a self, of: impl Fn(&'a snapshot::Shard) -> Rows<'a>) -> Vec<String> {
        self.facts_of(&self.loaded.shards, of)
    }

    fn facts_of<'a>(
        &'a self,
        shards: &'a [snapshot::Shard],
        of: impl Fn(&'a snapshot::Shard) -> Rows<'a>,
    ) -> Vec<String> {
        let names = &self.manifest.dimensions;
        let mut lines = Vec::new();
        for shard in shards {
            let rows = of(shard);
            for day in 0..shard.days() {
                for row in rows.range(day..day + 1) {
                    let mut cells = vec![self.manifest.first_day.plus(day as i32).to_string()];
                    cells.extend(rows.member.get(row).map(u16::to_string));
                    cells.push(or_dash(&names.stores[usize::from(rows.store[row])].id));
                    cells.push(or_dash(&names.channels[usize::from(rows.channel[row])].id));
                    if !rows.kind.is_empty() {
                        cells.push(names.touch_kinds[usize::from(rows.kind.get(row))].clone());
                    }
                    let campaign = rows.campaign.get(row);
                    cells.push(campaign.map_or("-".to_owned(), |c| names.campaigns[usize::from(c)].clone()));
                    if rows.kind.is_empty() {
                        cells.extend(rows.amount.iter().nth(row).map(|amount| amount.to_string()));
                    }
                    lines.push(cells.join(" "));
                }
            }
        }
        lines
    }
}

fn or_dash(id: &str) -> String {
    if id.is_empty() { "-".to_owned() } else { id.to_owned() }
}
