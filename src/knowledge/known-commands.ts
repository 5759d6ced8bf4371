/** Names of programs that are what they are called: a command with another name may be anybody's script. */

/**
 * None of these runs a package manager of a distribution by itself. The managers are here too: who asks, asks for their
 * commands first. `make`, `configure` and build tools run what a project says, which is to build it. What runs another
 * command (`sudo`, `env`, `chroot`, `flock`) is not here: it is seen through, or nobody knows what it runs.
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
xmlstarlet envsubst gettext msgfmt dos2unix unix2dos iconv recode cpio tar bsdtar gzip gunzip zcat pigz unpigz bzip2
bunzip2 bzcat pbzip2 xz unxz xzcat lzma unlzma lz4 zstd unzstd zstdcat zip unzip zipinfo 7z 7za 7zr unrar ar ranlib
rpm2cpio uuencode uudecode

curl wget aria2c http fetch ftp sftp scp ssh ssh-keygen ssh-keyscan ssh-agent ssh-add rsync nc ncat netcat socat telnet
ping dig host nslookup ip ifconfig route ss netstat iptables nft openssl gpg gpg2 gpgconf gpgv dirmngr apt-key certutil
update-ca-certificates update-ca-trust trust c_rehash keytool cosign age sops mc s3cmd aws gsutil gcloud az

adduser addgroup useradd groupadd usermod groupmod userdel groupdel deluser delgroup passwd chpasswd chsh chage newgrp
gpasswd vipw getent setcap getcap setfacl getfacl chattr lsattr
login visudo pwconv grpconv

mount umount losetup lsblk blkid mkfs fsck mkswap swapon swapoff sysctl modprobe insmod lsmod depmod dmesg hostname
hostnamectl timedatectl localectl systemctl service rc-update rc-service update-rc.d invoke-rc.d chkconfig systemd-tmpfiles
systemd-sysusers journalctl crontab cron crond logrotate locale locale-gen localedef update-locale ldconfig ldd
update-alternatives alternatives dpkg-reconfigure dpkg-divert dpkg-statoverride dpkg-architecture debconf-set-selections
debconf-get-selections fc-cache fc-list mkfontscale mkfontdir glib-compile-schemas update-mime-database
update-desktop-database gtk-update-icon-cache install-info texhash mktexlsr fmtutil-sys ps pgrep pkill top free lsof
setsid ionice renice logger sponge chronic eatmydata fakeroot
getconf lscpu dmidecode lspci lsusb crudini augtool

gcc g++ cc c++ cpp clang clang++ ld gold lld as nm objcopy objdump readelf size strip addr2line gcov gdb lldb ccache
distcc make gmake cmake cpack ctest ninja meson autoconf autoheader autoreconf automake aclocal libtool libtoolize
configure pkg-config pkgconf m4 bison flex yacc lex swig protoc nasm yasm patchelf chrpath upx bear scons waf bazel
bazelisk buck gyp gn premake xmake fpm doxygen sphinx-build

git git-lfs hg svn bzr cvs gh glab tig

python python2 python3 pypy pypy3 pip pip2 pip3 pipx pipenv virtualenv venv uv uvx poetry pdm hatch flit twine tox nox
pytest mypy ruff black flake8 pylint isort gunicorn uvicorn celery flask django-admin jupyter ipython cython conda mamba
micromamba pyenv easy_install pyinstaller playwright

node nodejs npm npx yarn yarnpkg pnpm pnpx bun bunx deno corepack nvm fnm volta n tsc tsx ts-node esbuild vite webpack rollup
parcel swc turbo nx lerna ng vue next nuxt gulp grunt bower eslint prettier jest vitest mocha pm2 serve sass svelte-kit
astro remix prisma cypress rimraf cross-env husky

ruby gem bundle bundler rake rails irb erb rbenv rubocop rspec puma php php-fpm phpize php-config pecl pear composer
artisan symfony phpunit docker-php-ext-install docker-php-ext-enable docker-php-ext-configure docker-php-source
perl cpan cpanm cpm prove lua luajit luarocks tclsh wish R Rscript julia octave ghc cabal stack
ocaml opam dune erl erlc rebar3 elixir mix iex hex escript swift swiftc nim nimble zig crystal shards dart flutter pub
go gofmt goreleaser golangci-lint dlv rustc cargo rustup rustfmt java javac jar jlink jdeps jshell mvn mvnd gradle ant sbt
scala scalac kotlin kotlinc lein clojure clj groovy coursier cs dotnet nuget msbuild mono mcs fsharpc pwsh

mysql mysqldump mysqladmin mysqld mariadb psql pg_ctl pg_dump pg_restore pg_isready initdb createdb createuser sqlite3
redis-cli redis-server mongo mongod mongosh mongodump nginx apache2 apache2ctl apachectl httpd a2enmod a2dismod a2ensite
a2dissite a2enconf a2disconf caddy haproxy supervisord supervisorctl memcached varnishd traefik envoy

docker podman buildah skopeo crane kubectl helm kustomize terraform tofu consul vault nomad
kind minikube

convert magick identify mogrify gs inkscape ffmpeg ffprobe sox pdftotext qpdf pandoc latex pdflatex xelatex lualatex
tesseract optipng jpegoptim rsvg-convert dot Xvfb xvfb-run chromium google-chrome firefox

apt apt-get apt-cache apt-config apt-mark aptitude dpkg dpkg-query dpkg-deb add-apt-repository apk dnf dnf5 yum microdnf
tdnf rpm rpmkeys yum-config-manager dnf-3 subscription-manager zypper pacman pacman-key yay paru emerge xbps-install
xbps-remove nix nix-env nix-channel guix brew snap flatpak opkg swupd
`;

let known: ReadonlySet<string> | undefined;

/** Whether a table here knows what the program of this name does; `python3.12` is `python3`, `gcc-12` is `gcc`. */
export function isKnownCommand(name: string): boolean {
  known ??= new Set(names.split(/\s+/).filter((each) => each !== ""));
  return known.has(name) || known.has(name.replace(/(?:-?\d+(?:\.\d+)*)$/, ""));
}
