/** Facts about commands without a record in `tools/`: standard programs, and many more. */
import type { OptionSyntax } from "../shell/option-reader.ts";
import type { Walker } from "./tool.ts";

/**
 * Names of plain programs: their text shows what they do. They run no code of the project, no script and no package
 * manager; of the files they read and write only those that their words name, and their own. A program that is not
 * listed may run anything: interpreters, test runners, bundlers, build systems, and programs that run another command
 * (`chroot`, `unshare`). Wrappers such as `sudo` and `env` are taken off before.
 */
const names = `
alias bg bind break builtin caller case cd command compgen complete continue declare dirs disown echo enable exec
exit export false fc fg getopts hash help history jobs kill let local logout mapfile popd printf pushd pwd read readarray
readonly return set shift shopt suspend test time times true type typeset ulimit umask unalias unset wait [ [[ :

arch b2sum base32 base64 basename basenc cat chcon chgrp chmod chown cksum comm cp csplit cut date dd df dir
dircolors dirname du expand expr factor fallocate fmt fold groups head hostid id install join link ln logname ls md5sum mkdir
mkfifo mknod mktemp mv nice nl nohup nproc numfmt od paste pathchk pinky pr printenv ptx readlink realpath rm rmdir runcon
seq sha1sum sha224sum sha256sum sha384sum sha512sum shred shuf sleep sort split stat stdbuf stty sum sync tac tail tee
timeout touch tput tr truncate tsort tty uname unexpand uniq unlink uptime users vdir wc who whoami yes clear reset

awk gawk mawk nawk bc dc diff cmp patch ed ex egrep fgrep grep rg find xargs sed less more
most file which whereis whatis man mandb apropos tree column look rev hexdump xxd strings jq yq xmllint xsltproc
xmlstarlet envsubst gettext msgfmt dos2unix unix2dos iconv recode cpio gzip gunzip zcat pigz unpigz bzip2
bunzip2 bzcat pbzip2 xz unxz xzcat lzma unlzma lz4 zstd unzstd zstdcat brotli lzip zip zipinfo unrar ar ranlib
rpm2cpio uuencode uudecode cabextract unsquashfs mksquashfs

aria2c axel http fetch ftp lftp sftp scp ssh ssh-keygen ssh-keyscan ssh-agent ssh-add rsync rclone nc ncat netcat socat telnet
ping dig host nslookup ip ifconfig route ss netstat iptables nft openssl gpg gpg2 gpgconf gpgv gpg-agent dirmngr certutil
update-ca-certificates update-ca-trust trust c_rehash keytool htpasswd mkcert cosign age sops mc s3cmd aws gsutil gcloud az

adduser addgroup useradd groupadd usermod groupmod userdel groupdel deluser delgroup passwd chpasswd chsh chage newgrp
gpasswd vipw getent setcap getcap setfacl getfacl chattr lsattr restorecon semanage
login visudo pwconv grpconv

mount umount losetup lsblk blkid mkfs fsck mkswap swapon swapoff sysctl modprobe insmod lsmod depmod dmesg hostname
hostnamectl timedatectl localectl systemctl service rc-update rc-service update-rc.d invoke-rc.d chkconfig systemd-tmpfiles
systemd-sysusers systemd-machine-id-setup dbus-uuidgen journalctl crontab logrotate locale locale-gen localedef update-locale ldd
update-alternatives alternatives update-java-alternatives dpkg-reconfigure debconf-set-selections debconf-get-selections
fc-cache fc-list mkfontscale mkfontdir glib-compile-schemas update-mime-database lsb_release
update-desktop-database gtk-update-icon-cache install-info texhash mktexlsr fmtutil-sys ps pgrep pkill killall top free lsof
setsid ionice renice logger sponge chronic eatmydata fakeroot
getconf lscpu dmidecode lspci lsusb crudini augtool

cpp clang++ ld gold lld as nm objcopy objdump readelf size strip addr2line gcov ccache
distcc autoconf autoheader autoreconf automake aclocal libtool libtoolize
pkg-config pkgconf bison flex yacc lex swig protoc nasm yasm patchelf chrpath upx bear tsc esbuild
ghc erlc swiftc scalac kotlinc mcs jar jlink jdeps cython

git-lfs hg svn bzr cvs gh glab tig

virtualenv venv easy_install cpan cpanm cpm luarocks pear rimraf php-fpm php-config golangci-lint rustfmt

mysql mysqldump mysqladmin mysqld mariadb psql pg_ctl pg_dump pg_restore pg_isready initdb createdb createuser sqlite3
redis-cli redis-server mongo mongod mongosh mongodump nginx apache2 apache2ctl apachectl httpd a2enmod a2dismod a2ensite
a2dissite a2enconf a2disconf a2query phpenmod phpdismod caddy haproxy supervisorctl memcached varnishd traefik envoy

skopeo crane kubectl helm kustomize consul vault nomad

convert magick identify mogrify gs inkscape ffmpeg ffprobe sox pdftotext qpdf pandoc latex pdflatex xelatex lualatex
tesseract optipng jpegoptim rsvg-convert dot Xvfb

guix brew snap flatpak opkg swupd
`;

/** The names of plain commands. */
export const plainCommands: ReadonlySet<string> = setOf(names);

/** Commands whose words are not files; they write through redirects only. */
export const commandsWithoutFiles = setOf(
  "echo printf true false : set export unset umask sleep uname id whoami date arch exit",
);

/** Commands that access only the paths in their words. */
export const commandsByWords = setOf(
  "cd mkdir chmod chown chgrp ln touch cp mv rm rmdir unlink cat head tail grep sed gzip gunzip install tee test [ stat readlink",
);

/** Commands that change, replace or remove the files that their words name, or their attributes. */
export const fileChangers = setOf(
  "chmod chown chgrp chattr setfacl setcap mv rm unlink shred truncate touch tee patch ed ex ln dos2unix unix2dos gzip gunzip pigz unpigz bzip2 bunzip2 xz unxz lzma unlzma",
);

/** Commands that change the files that their words name with the option `-i`. */
export const inPlaceEditors = setOf("sed gsed perl ruby");

/** Commands that read what is below a folder that they are given. */
export const walkers: ReadonlyMap<string, Walker> = new Map<string, Walker>([
  ...["find", "du", "tree"].map((name) => [name, { here: 0 }] as const),
  ["rg", { here: 1 }],
  ...["ls", "dir", "vdir"].map((name) => [name, { here: 0, flag: /^-[A-Za-z]*R|^--recursive$/ }] as const),
  ...["grep", "egrep", "fgrep"].map(
    (name) => [name, { here: 1, flag: /^-[A-Za-z]*[rR]|^--(?:dereference-)?recursive$/ }] as const,
  ),
  ...["getfacl", "lsattr"].map((name) => [name, { flag: /^-[A-Za-z]*R|^--recursive$/ }] as const),
  ["diff", { flag: /^-[A-Za-z]*r|^--recursive$/ }],
  ["cp", { last: true, flag: /^-[A-Za-z]*[rRa]|^--(?:recursive|archive)$/ }],
  ...["mv", "ln", "rsync", "scp"].map((name) => [name, { last: true }] as const),
  ...["zip", "cpio", "mksquashfs", "mount"].map((name) => [name, {}] as const),
]);

/** Files that scripts read with `.` and `source`, and that set variables only. */
export const settingsFiles =
  /(?:^|\/)(?:etc\/(?:os-release|lsb-release|profile|environment)|bin\/activate|\.cargo\/env|nvm\.sh)$/;

/** Text of code for an interpreter (`python -c '…'`) that may run another program, or look for files. */
export const callsPrograms =
  /\bapt\b|system|popen|subprocess|spawn|exec|passthru|child_process|runpy|glob|walk|scandir|listdir|readdir/i;

/** Commands that may remove files: the paths in their words, or the home of a user. */
export const removers = setOf("rm unlink find mv shred rsync userdel deluser");

/** How programs without a record read options: no option takes a word. */
const noValues: OptionSyntax = { short: "", long: [] };

const owners =
  "--changes --dereference --no-dereference --no-preserve-root --preserve-root --quiet --recursive --silent --verbose";
const copies =
  "--backup --context --debug --force --interactive --no-clobber --no-target-directory --strip-trailing-slashes --update --verbose";

/** How programs of GNU read options: getopt_long, unique beginnings, operands anywhere (GNU Coding Standards, 4.8). */
const gnuPrograms = new Map<string, OptionSyntax>([
  [
    "rm",
    gnu(
      "",
      "",
      "--force --recursive --verbose --dir --one-file-system --interactive --preserve-root --no-preserve-root",
    ),
  ],
  ["mv", gnu("St", "--suffix --target-directory", `${copies} --exchange --no-copy`)],
  [
    "cp",
    gnu(
      "St",
      "--suffix --target-directory --no-preserve --sparse",
      `${copies} --archive --attributes-only --copy-contents --dereference --keep-directory-symlink --link --no-dereference --one-file-system --parents --preserve --recursive --reflink --remove-destination --symbolic-link`,
    ),
  ],
  [
    "ln",
    gnu(
      "St",
      "--suffix --target-directory",
      "--backup --directory --force --interactive --logical --no-dereference --no-target-directory --physical --relative --symbolic --verbose",
    ),
  ],
  ["mkdir", gnu("m", "--mode", "--parents --verbose --context")],
  ["chmod", gnu("", "--reference", owners)],
  ["chown", gnu("", "--reference --from", owners)],
  ["chgrp", gnu("", "--reference --from", owners)],
  [
    "ls",
    gnu(
      "ITw",
      "--block-size --format --hide --ignore --indicator-style --quoting-style --sort --tabsize --time --time-style --width",
      "--all --almost-all --author --classify --color --dereference --directory --dired --escape --file-type --full-time --group-directories-first --hide-control-chars --human-readable --hyperlink --inode --kibibytes --literal --no-group --numeric-uid-gid --quote-name --recursive --reverse --show-control-chars --size --zero",
    ),
  ],
  [
    "grep",
    gnu(
      "efmABCdD",
      "--regexp --file --max-count --after-context --before-context --context --label --binary-files --devices --directories --exclude --exclude-from --exclude-dir --include --group-separator",
      "--recursive --dereference-recursive --ignore-case --no-ignore-case --invert-match --quiet --silent --count --color --colour --extended-regexp --fixed-strings --basic-regexp --perl-regexp --word-regexp --line-regexp --null --null-data --only-matching --no-messages --no-filename --with-filename --line-number --line-buffered --byte-offset --text --files-with-matches --files-without-match --initial-tab --binary --no-group-separator",
    ),
  ],
]);

/** Returns how a program without a record reads options. */
export function plainSyntax(program: string): OptionSyntax {
  return gnuPrograms.get(program) ?? accountOptions.get(program) ?? noValues;
}

function gnu(short: string, long: string, flags: string): OptionSyntax {
  return { short, long: long.split(" "), flags: flags.split(" "), abbreviates: true };
}

/** Commands that may remove the home of a user. */
export const userRemovers = setOf("userdel deluser");

/** Commands that make, change or remove accounts, and nothing else. */
export const accountCommands = setOf("useradd adduser addgroup groupadd usermod groupmod userdel deluser");

/** Commands that create users and groups, or that may run such a command. */
export const accountMakers =
  /^(?:user(?:add|mod)|group(?:add|mod)|add(?:user|group)|newusers|vipw|login|systemd-sysusers|useradd\.\w+)$/;

/** Options of useradd(8) that take a value. */
const useraddOptions: OptionSyntax = {
  short: "bcdefgGkKpPRsuZ",
  flags:
    "--badname --badnames --btrfs-subvolume-home --defaults --add-subids-for-system --help --no-log-init --create-home --no-create-home --no-user-group --non-unique --system --user-group".split(
      " ",
    ),
  abbreviates: true,
  long: "--base-dir --comment --home-dir --expiredate --inactive --gid --groups --skel --key --password --root --prefix --shell --uid --selinux-user".split(
    " ",
  ),
};

/** Options that take a value, of all commands that create users and groups: groupadd(8), adduser(8), and BusyBox. */
export const accountOptions: ReadonlyMap<string, OptionSyntax> = new Map<string, OptionSyntax>(
  Object.entries({
    useradd: useraddOptions,
    groupadd: {
      short: "gKpPRU",
      long: ["--gid", "--key", "--password", "--root", "--prefix", "--users"],
      flags: ["--force", "--help", "--non-unique", "--system"],
      abbreviates: true,
    },
    // Getopt::Long of Debian's script and getopt_long of BusyBox take unique beginnings
    adduser: {
      short: "hgsGuk",
      long: "--home --shell --uid --gid --ingroup --gecos --comment --conf --firstuid --lastuid --firstgid --lastgid --skel".split(
        " ",
      ),
      flags:
        "--system --group --quiet --verbose --debug --force-badname --allow-badname --allow-bad-names --allow-all-names --no-create-home --disabled-login --disabled-password --encrypt-home --add-extra-groups --add_extra_groups --help --version".split(
          " ",
        ),
      abbreviates: true,
    },
    addgroup: {
      short: "g",
      long: ["--gid", "--conf", "--firstgid", "--lastgid"],
      flags: ["--system", "--quiet", "--debug", "--group", "--force-badname", "--help", "--version"],
      abbreviates: true,
    },
  } satisfies Record<string, OptionSyntax>),
);

/** Commands that access system folders, and other paths only if a word names them. */
export const systemCommands = setOf("ldconfig locale-gen update-ca-certificates dpkg-reconfigure");

/** Commands that export a variable to later commands. */
export const exporters = setOf("export declare typeset readonly");

/** Wrappers that run a command as another user. */
export const userChangers = setOf("sudo doas su gosu su-exec runuser");

/** Wrappers that do not change how a command runs. */
export const plainWrappers = setOf("command exec time nice ionice nohup stdbuf eatmydata");

/** Programs that build or test a project and so need development packages. */
export const developmentCommands = setOf(
  "npx tsc vite webpack rollup parcel next nuxt ng vue vue-cli-service nx turbo gulp grunt jest vitest mocha eslint playwright cypress phpunit phpstan rake rspec pytest tox nox mypy ruff",
);

/** First operands of commands that build or test a project. */
export const developmentVerbs = setOf(
  "run run-script build test t exec dlx lint compile webpack assets:precompile",
);

function setOf(words: string): ReadonlySet<string> {
  return new Set(words.split(/\s+/).filter((word) => word !== ""));
}
