/** Leftovers of builds other than caches of package managers. */

export interface Leftover {
  readonly id: string;
  readonly what: string;
  /** Paths of files inside an image, without leading slash. */
  readonly path: RegExp;
  /** Paths that match but are not leftovers. */
  readonly except?: RegExp;
  readonly advice: string;
  /** Highest severity, whatever the size. */
  readonly atMost?: "info";
  /** Content bytes below which a finding is info; default: 100 kB. */
  readonly floor?: number;
  /** The `--prune` kind; without it the files are never pruned. */
  readonly prunes?: "caches" | "logs";
  readonly source: string;
}

const libraries = /(?:^|\/)(?:node_modules|site-packages|dist-packages|gems|vendor)\//;

export const leftovers: readonly Leftover[] = [
  {
    id: "temporary",
    prunes: "caches",
    what: "temporary files",
    path: /^(?:var\/)?tmp\/./,
    advice:
      "Delete them at the end of the RUN that creates them, or mount the folder: RUN --mount=type=tmpfs,target=/tmp.",
    source: "Filesystem Hierarchy Standard: /tmp, /var/tmp",
  },
  {
    id: "logs",
    prunes: "logs",
    what: "log files",
    path: /^var\/log\/(?:.*\/)?[^/]+(?:\.log(?:\.\d+)?(?:\.gz|\.xz)?|\/term\.log|\/history\.log)$|^var\/log\/(?:journal\/.|(?:syslog|messages)(?:\.\d+)?(?:\.gz|\.xz)?$)|^(?:root|home\/[^/]+)\/\.(?:(?:bash|ash|zsh|python|node_repl|psql|mysql)_history|lesshst)$/,
    advice:
      "End the RUN with && rm -rf /var/log/*.log /var/log/apt, or send the logs to a mount: RUN --mount=type=tmpfs,target=/var/log.",
    // larger installations log some hundred kB, which is no reason to fail a build
    floor: 1_000_000,
    source: "Filesystem Hierarchy Standard: /var/log",
  },
  {
    id: "logins",
    prunes: "logs",
    what: "login records",
    path: /^var\/log\/(?:lastlog|faillog|tallylog|btmp|wtmp)$/,
    advice:
      "Create users with high ids by useradd --no-log-init: without it these files grow with the largest user id.",
    floor: 1_000_000,
    source: "useradd(8): --no-log-init; lastlog(8)",
  },
  {
    id: "crash",
    what: "crash dumps",
    path: /(?:^|\/)core\.\d+$|^var\/crash\/.|^var\/lib\/systemd\/coredump\/.|(?:^|\/)hs_err_pid\d+\.log$|(?:^|\/)npm-debug\.log(?:\.\d+)?$|(?:^|\/)yarn-error\.log$/,
    // core.5 is a manual page
    except: /(?:^|\/)(?:node_modules|site-packages|dist-packages|gems|vendor|man|man\d)\//,
    advice: "Find out what crashed, and delete them in the RUN that makes them.",
    source: "core(5); HotSpot: -XX:ErrorFile; npm and Yarn 1 documentation",
  },
  {
    id: "bytecode",
    what: "Python bytecode of the application",
    path: /(?:^|\/)__pycache__\/[^/]+\.pyc$/,
    // files that an installer compiled belong there and speed up the start
    except:
      /(?:^|\/)(?:lib|lib64|share)\/(?:python[\d.]*|pypy[\d.]*)\/|(?:^|\/)(?:(?:site|dist)-packages|node_modules)\/|^(?:usr\/(?!src\/|local\/src\/)|lib64\/|opt\/conda\/)/,
    atMost: "info",
    advice:
      "Keep it out with .dockerignore (**/__pycache__), and set PYTHONDONTWRITEBYTECODE=1 for the build.",
    source: "Python documentation, compiled files (PEP 3147)",
  },
  {
    id: "vcs",
    what: "version control data",
    path: /(?:^|\/)(?:\.git\/(?:objects|hooks|logs|refs|info|modules|lfs|branches)\/.|\.git\/(?:index|packed-refs|HEAD|config|description|ORIG_HEAD|FETCH_HEAD|COMMIT_EDITMSG)$|\.svn\/.|\.hg\/.|\.bzr\/.)/,
    // these tools read their own version from it
    except: /(?:^|\/)(?:flutter|Homebrew|\.(?:pyenv|rbenv|nvm|asdf)(?:\/plugins\/[^/]+)?)\/\.git\//,
    advice:
      "Exclude it with .dockerignore (.git), or clone with --depth 1 and delete the folder in the same RUN. It also contains every old version of every file.",
    source: "gitrepository-layout(5); Subversion, Mercurial and Bazaar documentation",
  },
  {
    id: "editor",
    what: "files of editors and desktops",
    path: /(?:^|\/)(?:\.idea\/.|\.vscode\/.|\.vs\/.|\.DS_Store$|Thumbs\.db$|desktop\.ini$|\.[^/]+\.sw[op]$|[^/]+~$|\.#[^/]+$)/,
    except: libraries,
    atMost: "info",
    advice: "Exclude them with .dockerignore.",
    source: "JetBrains, Visual Studio Code, Vim and Emacs documentation; macOS and Windows folder metadata",
  },
  {
    id: "cache",
    prunes: "caches",
    what: "other caches of a user",
    path: /^(?:root|home\/[^/]+)\/\.cache\/[^/]+\/./,
    // downloads that programs need at run time, and environments, which the image may use
    except:
      /\/\.cache\/(?:bazel|camoufox|chroma|clip|coursier|Cypress|deno|fastembed|huggingface|kagglehub|modelscope|ms-playwright[^/]*|pre-commit|prisma|puppeteer|pyppeteer|rod|selenium|torch|whisper|pypoetry\/virtualenvs)\//i,
    atMost: "info",
    advice:
      "Delete what no container needs at the end of the RUN that creates it, or let the RUN write to a mount: RUN --mount=type=cache,target=/root/.cache.",
    source: "XDG Base Directory Specification: $HOME/.cache holds data that is not essential",
  },
];
