//! `wellspring user`: the people who may sign in. The first admin is made here; there is no set-up page.

use std::io::{self, BufRead, IsTerminal};

use access::{NewUser, Password, Role, UnixSeconds};
use anyhow::{Context, bail};

use super::metadata::{Metadata, noted};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    metadata: Metadata,
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Add someone.
    Add {
        /// The name to sign in with.
        name: String,
        /// What they may see: `admin` and `executive` everything, `region-manager` one region.
        #[arg(long, value_enum)]
        role: RoleWord,
        /// The region of a region manager, as the store table writes it.
        #[arg(long, value_name = "REGION", required_if_eq("role", "region-manager"))]
        region: Option<String>,
        /// What the company's provider of accounts calls them, such as an e-mail address.
        #[arg(long, value_name = "NAME")]
        company: Option<String>,
        /// Without a password: they sign in with the company's account alone.
        #[arg(long, requires = "company", conflicts_with = "password_stdin")]
        no_password: bool,
        #[command(flatten)]
        password: PasswordFrom,
    },
    /// Say with which of the company's accounts someone signs in; without one, with none. Ends all their sessions.
    Company {
        /// Who.
        name: String,
        /// What the company's provider of accounts calls them, such as an e-mail address.
        company: Option<String>,
    },
    /// Set someone's password; ends all their sessions.
    Password {
        /// Whose.
        name: String,
        #[command(flatten)]
        password: PasswordFrom,
    },
    /// Set someone's role; ends all their sessions.
    Role {
        /// Whose.
        name: String,
        /// The new role.
        #[arg(value_enum)]
        role: RoleWord,
        /// The region of a region manager.
        #[arg(long, value_name = "REGION", required_if_eq("role", "region-manager"))]
        region: Option<String>,
    },
    /// Let someone in no more; ends all their sessions.
    Disable {
        /// Whom.
        name: String,
    },
    /// Let someone in again.
    Enable {
        /// Whom.
        name: String,
    },
    /// List everybody.
    List,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum RoleWord {
    Admin,
    Executive,
    RegionManager,
}

impl RoleWord {
    fn with(self, region: Option<&str>) -> access::Result<Role> {
        let word = match self {
            Self::Admin => "admin",
            Self::Executive => "executive",
            Self::RegionManager => "region_manager",
        };
        Role::from_words(word, region)
    }
}

#[derive(Debug, clap::Args)]
struct PasswordFrom {
    /// Read the password from the first line of stdin instead of asking for it.
    #[arg(long)]
    password_stdin: bool,
}

impl PasswordFrom {
    /// Asks twice without showing what is typed, or reads a line.
    fn read(&self) -> anyhow::Result<Password> {
        if self.password_stdin {
            let mut line = String::new();
            io::stdin().lock().read_line(&mut line).context("stdin")?;
            return Ok(Password::new(line.trim_end_matches(['\r', '\n'])));
        }
        if !io::stdin().is_terminal() {
            bail!("there is no terminal to ask for the password: give it by --password-stdin");
        }
        let typed = rpassword::prompt_password("Password: ").context("the terminal")?;
        if typed != rpassword::prompt_password("Again: ").context("the terminal")? {
            bail!("the two passwords differ: try again");
        }
        Ok(Password::new(typed))
    }
}

pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    match &args.action {
        Action::Add { name, role, region, company, no_password, password } => {
            let role = role.with(region.as_deref())?;
            let password = if *no_password { None } else { Some(password.read()?) };
            args.metadata.with(async |access| {
                let (password, company) = (password.as_ref(), company.as_deref());
                let new = NewUser { name, role: &role, password, password_once: false, company };
                let change = access.people.add_new(&new, UnixSeconds::now());
                let user = noted(access, "user.add", name, change).await?;
                super::print(&format!("added {}, who sees {}\n", user.name, user.role.home()))
            })
        }
        Action::Company { name, company } => args.metadata.with(async |access| {
            let change = access.people.set_company_name(name, company.as_deref());
            noted(access, "user.company", name, change).await?;
            let by = company.as_deref().map_or("with no company account", |_| "with that company account");
            super::print(&format!("{name} signs in {by} from now on; all their sessions have ended\n"))
        }),
        Action::Password { name, password } => {
            let password = password.read()?;
            args.metadata.with(async |access| {
                noted(access, "user.password", name, access.people.set_password(name, &password)).await?;
                super::print(&format!("{name} has a new password; all their sessions have ended\n"))
            })
        }
        Action::Role { name, role, region } => {
            let role = role.with(region.as_deref())?;
            args.metadata.with(async |access| {
                noted(access, "user.role", name, access.people.set_role(name, &role)).await?;
                super::print(&format!("{name} sees {} from now on; all their sessions have ended\n", role.home()))
            })
        }
        Action::Disable { name } => args.metadata.with(async |access| {
            noted(access, "user.disable", name, access.people.set_disabled(name, true)).await?;
            super::print(&format!("{name} is let in no more; all their sessions have ended\n"))
        }),
        Action::Enable { name } => args.metadata.with(async |access| {
            noted(access, "user.enable", name, access.people.set_disabled(name, false)).await?;
            super::print(&format!("{name} may sign in again\n"))
        }),
        Action::List => args.metadata.with(async |access| {
            let people = access.people.all().await?;
            let line = |user: &access::User| {
                let disabled = if user.disabled { "\tdisabled" } else { "" };
                format!("{}\t{}\t{}{disabled}\n", user.name, user.role.word(), user.role.home())
            };
            super::print(&people.iter().map(line).collect::<String>())
        }),
    }
}
