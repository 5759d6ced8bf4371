/** Facts about commands without a record in `tools/`: standard programs, and many more. */
import type { ProgramOptions } from "./tool.ts";

/**
 * Names of well-known programs; a command with another name may be any script. None of these runs a distribution's
 * package manager. Programs that run another command (`sudo`, `env`, `chroot`, `flock`) are not listed: they are
 * unwrapped, or their effect is unknown.
 */
const names = `
alias bg bind break builtin caller case cd command compgen complete continue declare dirs disown echo enable exec
exit export false fc fg getopts hash help history jobs kill let local logout mapfile popd printf pushd pwd read readarray
readonly return set shift shopt suspend test time times true type typeset ulimit umask unalias unset wait [ [[ :

arch b2sum base32 base64 basename basenc cat chcon chgrp chmod chown cksum comm cp csplit cut date dd df dir
dircolors dirname du expand expr factor fmt fold groups head hostid id install join link ln logname ls md5sum mkdir
mkfifo mknod mktemp mv nice nl nohup nproc numfmt od paste pathchk pinky pr printenv ptx readlink realpath rm rmdir runcon
seq sha1sum sha224sum sha256sum sha384sum sha512sum shred shuf sleep sort split stat stdbuf stty sum sync tac tail tee
timeout touch tr truncate tsort tty uname unexpand uniq unlink uptime users vdir wc who whoami yes

awk gawk mawk nawk bc dc diff cmp patch ed ex vi vim nano egrep fgrep grep rg find xargs locate updatedb sed gsed less more
most file which whereis whatis man mandb apropos tree column look rev hexdump xxd strings jq yq xmllint xsltproc
xmlstarlet envsubst gettext msgfmt dos2unix unix2dos iconv recode cpio gzip gunzip zcat pigz unpigz bzip2
bunzip2 bzcat pbzip2 xz unxz xzcat lzma unlzma lz4 zstd unzstd zstdcat zip zipinfo unrar ar ranlib
rpm2cpio uuencode uudecode

aria2c http fetch ftp sftp scp ssh ssh-keygen ssh-keyscan ssh-agent ssh-add rsync nc ncat netcat socat telnet
ping dig host nslookup ip ifconfig route ss netstat iptables nft openssl gpg gpg2 gpgconf gpgv dirmngr certutil
update-ca-certificates update-ca-trust trust c_rehash keytool cosign age sops mc s3cmd aws gsutil gcloud az

adduser addgroup useradd groupadd usermod groupmod userdel groupdel deluser delgroup passwd chpasswd chsh chage newgrp
gpasswd vipw getent setcap getcap setfacl getfacl chattr lsattr
login visudo pwconv grpconv

mount umount losetup lsblk blkid mkfs fsck mkswap swapon swapoff sysctl modprobe insmod lsmod depmod dmesg hostname
hostnamectl timedatectl localectl systemctl service rc-update rc-service update-rc.d invoke-rc.d chkconfig systemd-tmpfiles
systemd-sysusers journalctl crontab cron crond logrotate locale locale-gen localedef update-locale ldd
update-alternatives alternatives dpkg-reconfigure debconf-set-selections debconf-get-selections fc-cache fc-list mkfontscale mkfontdir glib-compile-schemas update-mime-database
update-desktop-database gtk-update-icon-cache install-info texhash mktexlsr fmtutil-sys ps pgrep pkill top free lsof
setsid ionice renice logger sponge chronic eatmydata fakeroot
getconf lscpu dmidecode lspci lsusb crudini augtool

cpp clang++ ld gold lld as nm objcopy objdump readelf size strip addr2line gcov gdb lldb ccache
distcc cpack ctest autoconf autoheader autoreconf automake aclocal libtool libtoolize
pkg-config pkgconf m4 bison flex yacc lex swig protoc nasm yasm patchelf chrpath upx bear scons waf bazel
bazelisk buck gyp gn premake xmake fpm doxygen sphinx-build

git-lfs hg svn bzr cvs gh glab tig

pypy pypy3 virtualenv venv hatch flit twine tox nox
pytest mypy ruff black flake8 pylint isort gunicorn uvicorn celery flask django-admin jupyter ipython cython
pyenv easy_install pyinstaller playwright

node nodejs deno fnm volta n tsc tsx ts-node esbuild vite webpack rollup
parcel swc turbo nx lerna ng vue next nuxt gulp grunt bower eslint prettier jest vitest mocha pm2 serve sass svelte-kit
astro remix prisma cypress rimraf cross-env husky

ruby rake rails irb erb rbenv rubocop rspec puma php php-fpm php-config pear
artisan symfony phpunit
perl cpan cpanm cpm prove lua luajit luarocks tclsh wish R Rscript julia octave ghc cabal stack
ocaml opam dune erl erlc rebar3 elixir iex hex escript swift swiftc nim nimble zig crystal shards dart flutter pub
goreleaser golangci-lint dlv rustup rustfmt java jar jlink jdeps jshell ant sbt
scala scalac kotlin kotlinc lein clojure clj groovy coursier cs msbuild mono mcs fsharpc pwsh

mysql mysqldump mysqladmin mysqld mariadb psql pg_ctl pg_dump pg_restore pg_isready initdb createdb createuser sqlite3
redis-cli redis-server mongo mongod mongosh mongodump nginx apache2 apache2ctl apachectl httpd a2enmod a2dismod a2ensite
a2dissite a2enconf a2disconf caddy haproxy supervisord supervisorctl memcached varnishd traefik envoy

docker podman buildah skopeo crane kubectl helm kustomize terraform tofu consul vault nomad
kind minikube

convert magick identify mogrify gs inkscape ffmpeg ffprobe sox pdftotext qpdf pandoc latex pdflatex xelatex lualatex
tesseract optipng jpegoptim rsvg-convert dot Xvfb xvfb-run chromium google-chrome firefox

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

/** Commands that may remove files: the paths in their words, or the home of a user. */
export const removers = setOf("rm unlink find mv shred rsync userdel deluser");

/** Commands that may remove the home of a user. */
export const userRemovers = setOf("userdel deluser");

/** Commands that make, change or remove accounts, and nothing else. */
export const accountCommands = setOf("useradd adduser addgroup groupadd usermod groupmod userdel deluser");

/** Commands that create users and groups, or that may run such a command. */
export const accountMakers =
  /^(?:user(?:add|mod)|group(?:add|mod)|add(?:user|group)|newusers|vipw|login|systemd-sysusers|useradd\.\w+)$/;

/** Options of useradd(8) that take a value. */
export const useraddOptions: ProgramOptions = {
  short: "bcdefgGkKpPRsuZ",
  long: "--base-dir --comment --home-dir --expiredate --inactive --gid --groups --skel --key --password --root --prefix --shell --uid --selinux-user".split(
    " ",
  ),
};

/** Options that take a value, of all commands that create users and groups: groupadd(8), adduser(8), and BusyBox. */
export const accountOptions: Readonly<Record<string, ProgramOptions>> = {
  useradd: useraddOptions,
  groupadd: { short: "gKpPR", long: ["--gid", "--key", "--password", "--root", "--prefix"] },
  adduser: {
    short: "hgsGuk",
    long: ["--home", "--shell", "--uid", "--gid", "--ingroup", "--gecos", "--comment"],
  },
  addgroup: { short: "g", long: ["--gid"] },
};

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
