import { describe, expect, test } from "vitest";
import { metadataRewrite } from "../../rules/layers/metadata-rewrite.ts";
import { checkFixes, editsOf, fixWith, safetyOf } from "../support/fixes.ts";
import { findingsOf, type SubjectSketch } from "../support/subject.ts";

const rule = metadataRewrite;
type More = Omit<SubjectSketch, "dockerfile">;

/** What makes flags of COPY safe: BuildKit builds, and every source is in the context, with mode 0644. */
function known(dockerfile: string, more: More = {}): SubjectSketch {
  const sources = [...dockerfile.matchAll(/^(?:COPY|ADD) (.*)$/gm)].flatMap(([, text = ""]) =>
    text
      .trim()
      .split(" ")
      .filter((word) => !word.startsWith("--"))
      .slice(0, -1),
  );
  const files = Object.fromEntries(
    sources.map((path) => [/^[a-z]+\/?$|^\.$/.test(path) ? `${path}/f` : path, 10]),
  );
  return { dockerfile, builder: "buildkit", context: { files }, ...more };
}
const fixed = async (dockerfile: string, more?: More) => fixWith(rule, known(dockerfile, more));
const forced = async (dockerfile: string, more?: More) => fixWith(rule, known(dockerfile, more), true);
const safety = async (dockerfile: string, more?: More) => safetyOf(rule, known(dockerfile, more));

describe("the flag of COPY takes the place of the RUN", () => {
  test.each([
    [
      "an octal mode of a file",
      'FROM debian:12\nCOPY nightly.sh /usr/local/bin/nightly\nRUN chmod 0750 /usr/local/bin/nightly\nCMD ["nightly"]\n',
      'FROM debian:12\nCOPY --chmod=0750 nightly.sh /usr/local/bin/nightly\nCMD ["nightly"]\n',
    ],
    [
      "a file that goes into a folder",
      "FROM debian:12\nCOPY ci/probe.py /usr/local/bin/\nRUN chmod 755 /usr/local/bin/probe.py\n",
      "FROM debian:12\nCOPY --chmod=755 ci/probe.py /usr/local/bin/\n",
    ],
    [
      "numeric ids",
      "FROM debian:12\nCOPY site.pem /etc/site.pem\nRUN chown 101:0 /etc/site.pem\n",
      "FROM debian:12\nCOPY --chown=101:0 site.pem /etc/site.pem\n",
    ],
    [
      "an owner without a group, which stays root's",
      "FROM debian:12\nCOPY site.pem /etc/site.pem\nRUN chown 101 /etc/site.pem\n",
      "FROM debian:12\nCOPY --chown=101:0 site.pem /etc/site.pem\n",
    ],
    [
      "chgrp",
      "FROM debian:12\nCOPY site.pem /etc/site.pem\nRUN chgrp 42 /etc/site.pem\n",
      "FROM debian:12\nCOPY --chown=0:42 site.pem /etc/site.pem\n",
    ],
    [
      "both in one RUN, in CRLF",
      "FROM debian:12\r\nCOPY site.pem /etc/site.pem\r\nRUN chown 7:7 /etc/site.pem \\\r\n && chmod 400 /etc/site.pem\r\nUSER 7\r\n",
      "FROM debian:12\r\nCOPY --chown=7:7 --chmod=400 site.pem /etc/site.pem\r\nUSER 7\r\n",
    ],
    [
      "the end of a chain",
      "FROM debian:12\nCOPY run.sh /run.sh\nRUN apt-get update \\\n\t&& apt-get install -y curl \\\n\t&& chmod 755 /run.sh\n",
      "FROM debian:12\nCOPY --chmod=755 run.sh /run.sh\nRUN apt-get update \\\n\t&& apt-get install -y curl\n",
    ],
    [
      "a heredoc with set -e",
      "FROM debian:12\nCOPY run.sh /run.sh\nRUN <<EOF\nset -e\nmkdir -p /data\nchmod 755 /run.sh\nEOF\n",
      "FROM debian:12\nCOPY --chmod=755 run.sh /run.sh\nRUN <<EOF\nset -e\nmkdir -p /data\nEOF\n",
    ],
    [
      "a name that an earlier RUN makes",
      "FROM debian:12\nRUN useradd --system --uid 900 worker\nCOPY job.py /usr/lib/job.py\nRUN chown worker:worker /usr/lib/job.py\n",
      "FROM debian:12\nRUN useradd --system --uid 900 worker\nCOPY --chown=worker:worker job.py /usr/lib/job.py\n",
    ],
    [
      "a symbolic mode where the frontend takes it",
      "# syntax=docker/dockerfile:1.14\nFROM debian:12\nCOPY run.sh /run.sh\nRUN chmod +x /run.sh\n",
      "# syntax=docker/dockerfile:1.14\nFROM debian:12\nCOPY --chmod=+x run.sh /run.sh\n",
    ],
    [
      "a relative path under WORKDIR",
      "FROM debian:12\nWORKDIR /srv/jobs\nCOPY job.sh .\nRUN chmod 755 job.sh\n",
      "FROM debian:12\nWORKDIR /srv/jobs\nCOPY --chmod=755 job.sh .\n",
    ],
    [
      "a flag that is there already",
      "FROM debian:12\nCOPY --chown=1:1 run.sh /run.sh\nRUN chown 2:3 /run.sh\n",
      "FROM debian:12\nCOPY --chown=2:3 run.sh /run.sh\n",
    ],
    [
      "a flag that is there already, by name",
      "FROM debian:12\nRUN useradd app\nCOPY --chown=1:1 run.sh /run.sh\nRUN chown app:app /run.sh\n",
      "FROM debian:12\nRUN useradd app\nCOPY --chown=app:app run.sh /run.sh\n",
    ],
    [
      "a flag that says the same already",
      "FROM debian:12\nCOPY --chmod=755 run.sh /run.sh\nRUN chmod 755 /run.sh\n",
      "FROM debian:12\nCOPY --chmod=755 run.sh /run.sh\n",
    ],
    [
      "a folder that an earlier COPY makes, or mkdir, or WORKDIR",
      "FROM debian:12\nCOPY a b /deploy/\nRUN mkdir -p /x /data/in\nWORKDIR /srv/jobs/new\nCOPY run.sh /deploy/run.sh\nCOPY one.sh /data/one.sh\nCOPY two.sh /srv/jobs/two.sh\nRUN chmod 755 /deploy/run.sh /data/one.sh /srv/jobs/two.sh\n",
      "FROM debian:12\nCOPY a b /deploy/\nRUN mkdir -p /x /data/in\nWORKDIR /srv/jobs/new\nCOPY --chmod=755 run.sh /deploy/run.sh\nCOPY --chmod=755 one.sh /data/one.sh\nCOPY --chmod=755 two.sh /srv/jobs/two.sh\n",
    ],
    [
      "a folder in which an earlier ADD puts a file",
      "FROM debian:12\nADD a.sh /deploy/x/a.sh\nCOPY run.sh /deploy/run.sh\nRUN chmod 755 /deploy/run.sh\n",
      "FROM debian:12\nADD a.sh /deploy/x/a.sh\nCOPY --chmod=755 run.sh /deploy/run.sh\n",
    ],
    [
      "with options that only print, or are quiet",
      "FROM debian:12\nCOPY run.sh /run.sh\nRUN chmod -v --changes --quiet 755 /run.sh\n",
      "FROM debian:12\nCOPY --chmod=755 run.sh /run.sh\n",
    ],
    [
      "a user and a group that adduser and addgroup know",
      "FROM debian:12\nRUN addgroup --system ops && adduser --system --group web && adduser app www-data\nCOPY a.sh /a.sh\nCOPY b.sh /b.sh\nRUN chown app:www-data /a.sh && chown app:ops /b.sh\n",
      "FROM debian:12\nRUN addgroup --system ops && adduser --system --group web && adduser app www-data\nCOPY --chown=app:www-data a.sh /a.sh\nCOPY --chown=app:ops b.sh /b.sh\n",
    ],
    [
      "a mode, whoever makes users in between",
      "# syntax=docker/dockerfile:1\nFROM debian:12\nCOPY run.sh /run.sh\nRUN useradd app\nRUN chmod +x /run.sh\n",
      "# syntax=docker/dockerfile:1\nFROM debian:12\nCOPY --chmod=+x run.sh /run.sh\nRUN useradd app\n",
    ],
    [
      "an octal mode where the frontend is older than symbolic ones",
      "# syntax=docker/dockerfile:1.10\nFROM debian:12\nCOPY run.sh /run.sh\nRUN chmod 755 /run.sh\n",
      "# syntax=docker/dockerfile:1.10\nFROM debian:12\nCOPY --chmod=755 run.sh /run.sh\n",
    ],
    [
      "a set-user-ID bit, and the owner of another file",
      "FROM debian:12\nCOPY a.sh /a.sh\nCOPY b.sh /b.sh\nRUN chmod 4755 /a.sh && chown 7:7 /b.sh\n",
      "FROM debian:12\nCOPY --chmod=4755 a.sh /a.sh\nCOPY --chown=7:7 b.sh /b.sh\n",
    ],
    [
      "a file beside a volume",
      "FROM debian:12\nVOLUME /data\nCOPY run.sh /run.sh\nRUN chmod 755 /run.sh\n",
      "FROM debian:12\nVOLUME /data\nCOPY --chmod=755 run.sh /run.sh\n",
    ],
    [
      "a login group",
      "FROM debian:12\nRUN useradd app\nCOPY run.sh /run.sh\nRUN chown app: /run.sh\n",
      "FROM debian:12\nRUN useradd app\nCOPY --chown=app run.sh /run.sh\n",
    ],
    [
      "a group of its own for each new user, and groups by name",
      "FROM debian:12\nRUN groupadd -r web && adduser --ingroup web one && useradd two\nCOPY run.sh /run.sh\nCOPY x.sh /x.sh\nRUN chown one:web /run.sh && chown two:two /x.sh\n",
      "FROM debian:12\nRUN groupadd -r web && adduser --ingroup web one && useradd two\nCOPY --chown=one:web run.sh /run.sh\nCOPY --chown=two:two x.sh /x.sh\n",
    ],
    [
      "all files of one COPY",
      "FROM debian:12\nCOPY a.sh b.sh /usr/local/bin/\nRUN chmod 755 /usr/local/bin/a.sh /usr/local/bin/b.sh\n",
      "FROM debian:12\nCOPY --chmod=755 a.sh b.sh /usr/local/bin/\n",
    ],
    [
      "the last line without a line break",
      "FROM debian:12\nCOPY run.sh /run.sh\nRUN chmod 755 /run.sh",
      "FROM debian:12\nCOPY --chmod=755 run.sh /run.sh",
    ],
    [
      "a Windows-style escape on Linux",
      "# escape=`\nFROM debian:12\nCOPY run.sh /run.sh\nRUN apt-get update `\n  && chmod 755 /run.sh\n",
      "# escape=`\nFROM debian:12\nCOPY --chmod=755 run.sh /run.sh\nRUN apt-get update\n",
    ],
    [
      "a folder in a stage that begins empty",
      "FROM scratch\nCOPY --from=build /rootfs/bin/busybox /bin/sh\nCOPY web /bin/web\nRUN chown -R 33:33 /bin/web\n",
      "FROM scratch\nCOPY --from=build /rootfs/bin/busybox /bin/sh\nCOPY --chown=33:33 web /bin/web\n",
    ],
  ])("%s", async (_, dockerfile, wanted) => {
    expect(await fixed(dockerfile)).toBe(wanted);
    await checkFixes(rule, known(dockerfile));
  });
});

describe("unsafe, with the clause that fails", () => {
  const file = "COPY run.sh /run.sh\n";
  test.each([
    [
      "on exactly the paths that COPY wrote: another operand",
      `FROM debian:12\n${file}RUN chmod 755 /run.sh /usr/bin/env\n`,
      /other paths as well: \/usr\/bin\/env/,
      "FROM debian:12\nCOPY --chmod=755 run.sh /run.sh\nRUN chmod 755 /usr/bin/env\n",
    ],
    [
      "on exactly the paths that COPY wrote: a folder above",
      "FROM debian:12\nCOPY web /srv/web\nRUN chown -R 33:33 /srv\n",
      /other files in \/srv/,
      "FROM debian:12\nCOPY --chown=33:33 web /srv/web\n",
    ],
    [
      "on exactly the paths that COPY wrote: not all files of it",
      "FROM debian:12\nCOPY a.sh b.sh /usr/local/bin/\nRUN chmod 755 /usr/local/bin/b.sh\n",
      /also copies other files/,
      "FROM debian:12\nCOPY --chmod=755 a.sh b.sh /usr/local/bin/\n",
    ],
    [
      "last in chain",
      `FROM debian:12\n${file}RUN chmod 755 /run.sh && mkdir /x\n`,
      /mkdir comes after it/,
      "FROM debian:12\nCOPY --chmod=755 run.sh /run.sh\nRUN mkdir /x\n",
    ],
    [
      "no instruction between touches them: a RUN that reads",
      `FROM debian:12\n${file}RUN cat /run.sh\nRUN chmod 755 /run.sh\n`,
      /line 3 comes between and may touch \/run\.sh/,
      "FROM debian:12\nCOPY --chmod=755 run.sh /run.sh\nRUN cat /run.sh\n",
    ],
    [
      "no instruction between touches them: a RUN of unknown commands",
      `FROM debian:12\n${file}RUN make\nRUN chmod 755 /run.sh\n`,
      /line 3 comes between/,
      "FROM debian:12\nCOPY --chmod=755 run.sh /run.sh\nRUN make\n",
    ],
    [
      "no instruction between touches them: another COPY",
      "FROM debian:12\nCOPY run.sh /run.sh\nADD fix.tar /\nRUN chmod 755 /run.sh\n",
      /line 3 comes between/,
      "FROM debian:12\nCOPY --chmod=755 run.sh /run.sh\nADD fix.tar /\n",
    ],
    [
      "no instruction between touches them: the same RUN",
      `FROM debian:12\n${file}RUN sed -i s/a/b/ /run.sh && chmod 755 /run.sh\n`,
      /sed comes before it in line 3/,
      "FROM debian:12\nCOPY --chmod=755 run.sh /run.sh\nRUN sed -i s/a/b/ /run.sh\n",
    ],
    [
      "no volume",
      "FROM debian:12\nCOPY run.sh /bin/run.sh\nVOLUME /bin\nVOLUME /bin\nRUN chmod 755 /bin/run.sh\n",
      /line 3 makes it a volume/,
      "FROM debian:12\nCOPY --chmod=755 run.sh /bin/run.sh\nVOLUME /bin\nVOLUME /bin\n",
    ],
    [
      "a folder needs -R",
      "FROM debian:12\nCOPY web /srv/web\nRUN chown 33:33 /srv/web\n",
      /may be a folder, and only the folder itself/,
      "FROM debian:12\nCOPY --chown=33:33 web /srv/web\n",
    ],
    [
      "a folder must be fresh: the base image is not known",
      "FROM debian:12\nCOPY web /srv/web\nRUN chown -R 33:33 /srv/web\n",
      /\/srv\/web may exist before line 2/,
      "FROM debian:12\nCOPY --chown=33:33 web /srv/web\n",
    ],
    [
      "a folder must be fresh: WORKDIR made it",
      "FROM debian:12\nWORKDIR /srv/web\nCOPY . .\nRUN chown -R 33:33 /srv/web\n",
      /line 2 creates \/srv\/web first/,
      "FROM debian:12\nWORKDIR /srv/web\nCOPY --chown=33:33 . .\n",
    ],
    [
      "the folder above is there",
      "FROM debian:12\nCOPY run.sh /deploy/run.sh\nRUN chown 9:9 /deploy/run.sh\n",
      /may create \/deploy/,
      "FROM debian:12\nCOPY --chown=9:9 run.sh /deploy/run.sh\n",
    ],
    [
      "the folder above is there: what was copied may be a file",
      "FROM debian:12\nCOPY x /deploy\nCOPY run.sh /deploy/run.sh\nRUN chown 9:9 /deploy/run.sh\n",
      /may create \/deploy/,
      "FROM debian:12\nCOPY x /deploy\nCOPY --chown=9:9 run.sh /deploy/run.sh\n",
    ],
    [
      "names that are known: a user",
      `FROM debian:12\n${file}RUN chown deploy:root /run.sh\n`,
      /nothing shows that deploy exists/,
      "FROM debian:12\nCOPY --chown=deploy:root run.sh /run.sh\n",
    ],
    [
      "names that are known: a group",
      `FROM debian:12\nRUN useradd -g 5 deploy\n${file}RUN chown deploy:deploy /run.sh\n`,
      /nothing shows that deploy exists/,
      "FROM debian:12\nRUN useradd -g 5 deploy\nCOPY --chown=deploy:deploy run.sh /run.sh\n",
    ],
    [
      "names that are known: another COPY between brings none",
      "FROM debian:12\nCOPY site.pem /etc/site.pem\nCOPY x.sh /x.sh\nRUN chown app:0 /etc/site.pem\n",
      /nothing shows that app exists/,
      "FROM debian:12\nCOPY --chown=app:0 site.pem /etc/site.pem\nCOPY x.sh /x.sh\n",
    ],
    [
      "names that are known: a number in a name",
      `FROM debian:12\n${file}RUN chown app1:0 /run.sh\n`,
      /nothing shows that app1 exists/,
      "FROM debian:12\nCOPY --chown=app1:0 run.sh /run.sh\n",
    ],
    [
      "names that are known: a group is no user",
      `FROM debian:12\nRUN groupadd app\n${file}RUN chown app:app /run.sh\n`,
      /nothing shows that app exists/,
      "FROM debian:12\nRUN groupadd app\nCOPY --chown=app:app run.sh /run.sh\n",
    ],
    [
      "names that are known: a user without a group of its own",
      `FROM debian:12\nRUN useradd -N -m app\n${file}RUN chown app:app /run.sh\n`,
      /nothing shows that app exists/,
      "FROM debian:12\nRUN useradd -N -m app\nCOPY --chown=app:app run.sh /run.sh\n",
    ],
    [
      "names that are known: the comment of a user is none",
      `FROM debian:12\nRUN useradd -c web app\n${file}RUN chown web /run.sh\n`,
      /nothing shows that web exists/,
      "FROM debian:12\nRUN useradd -c web app\nCOPY --chown=web:0 run.sh /run.sh\n",
    ],
    [
      "names that are known: what makes one may not run",
      `FROM debian:12\nRUN id app || useradd app\n${file}RUN chown app:app /run.sh\n`,
      /nothing shows that app exists/,
      "FROM debian:12\nRUN id app || useradd app\nCOPY --chown=app:app run.sh /run.sh\n",
    ],
    [
      "names that are known: what follows the RUN makes none for it",
      `FROM debian:12\n${file}RUN chown app /run.sh\nRUN ./setup\n`,
      /nothing shows that app exists/,
      "FROM debian:12\nCOPY --chown=app:0 run.sh /run.sh\nRUN ./setup\n",
    ],
    [
      "names that an earlier RUN makes, whatever comes between",
      `FROM debian:12\nRUN useradd app\n${file}RUN ./setup\nRUN chown app:app /run.sh\n`,
      /line 4 comes between/,
      "FROM debian:12\nRUN useradd app\nCOPY --chown=app:app run.sh /run.sh\nRUN ./setup\n",
    ],
    [
      "a file of several sources, one of them a folder",
      "FROM debian:12\nCOPY conf/ run.sh /usr/local/bin/\nRUN chmod 755 /usr/local/bin/run.sh\n",
      /also copies other files/,
      "FROM debian:12\nCOPY --chmod=755 conf/ run.sh /usr/local/bin/\n",
    ],
    [
      "no volume in JSON form, of several",
      'FROM debian:12\nCOPY run.sh /bin/run.sh\nVOLUME ["/data", "/bin"]\nRUN chmod 755 /bin/run.sh\n',
      /volume/,
      'FROM debian:12\nCOPY --chmod=755 run.sh /bin/run.sh\nVOLUME ["/data", "/bin"]\n',
    ],
    [
      "a mode that sets what the umask would cut",
      `# syntax=docker/dockerfile:1\nFROM debian:12\n${file}RUN chmod =rx /run.sh\n`,
      /umask/,
      "# syntax=docker/dockerfile:1\nFROM debian:12\nCOPY --chmod==rx run.sh /run.sh\n",
    ],
    [
      "the folder above is there: mkdir may not run, or makes another",
      "FROM debian:12\nRUN mkdir /deployed && test -d /deploy || mkdir /deploy\nCOPY run.sh /deploy/run.sh\nRUN chown 9:9 /deploy/run.sh\n",
      /may create \/deploy/,
      "FROM debian:12\nRUN mkdir /deployed && test -d /deploy || mkdir /deploy\nCOPY --chown=9:9 run.sh /deploy/run.sh\n",
    ],
    [
      "numeric ids: a variable",
      `FROM debian:12\nARG WHO=7\n${file}RUN chown "$WHO:$WHO" /run.sh\n`,
      /only the build knows \$WHO/,
      "FROM debian:12\nARG WHO=7\nCOPY --chown=$WHO:$WHO run.sh /run.sh\n",
    ],
    [
      "octal modes without a frontend version",
      `FROM debian:12\n${file}RUN chmod +x /run.sh\n`,
      /1\.14/,
      "FROM debian:12\nCOPY --chmod=+x run.sh /run.sh\n",
    ],
    [
      "a mode that hits files and folders alike",
      "# syntax=docker/dockerfile:1\nFROM scratch\nCOPY web /bin/web\nRUN chmod -R a+rX /bin/web\n",
      /folders than for files/,
      "# syntax=docker/dockerfile:1\nFROM scratch\nCOPY --chmod=a+rX web /bin/web\n",
    ],
    [
      "a mode that no umask changes",
      `# syntax=docker/dockerfile:1\nFROM debian:12\n${file}RUN chmod +w /run.sh\n`,
      /umask/,
      "# syntax=docker/dockerfile:1\nFROM debian:12\nCOPY --chmod=+w run.sh /run.sh\n",
    ],
    [
      "no set-user-ID bits, which a chown takes away",
      `FROM debian:12\n${file}RUN chmod 4755 /run.sh && chown 7:7 /run.sh\n`,
      /set-user-ID/,
      "FROM debian:12\nCOPY --chmod=4755 --chown=7:7 run.sh /run.sh\n",
    ],
    [
      "no --link",
      "FROM debian:12\nCOPY --link run.sh /run.sh\nRUN chmod 755 /run.sh\n",
      /--link/,
      "FROM debian:12\nCOPY --chmod=755 --link run.sh /run.sh\n",
    ],
    [
      "no ADD",
      "FROM debian:12\nADD run.sh /run.sh\nRUN chmod 755 /run.sh\n",
      /archives/,
      "FROM debian:12\nADD --chmod=755 run.sh /run.sh\n",
    ],
    [
      "--parents and --exclude",
      "# syntax=docker/dockerfile:1\nFROM scratch\nCOPY --exclude=*.md web /bin/web\nRUN chown -R 1:1 /bin/web\n",
      /--exclude/,
      "# syntax=docker/dockerfile:1\nFROM scratch\nCOPY --chown=1:1 --exclude=*.md web /bin/web\n",
    ],
    [
      "the group of a file from another stage",
      "FROM a AS b\nFROM debian:12\nCOPY --from=b /o/run.sh /run.sh\nRUN chown 7 /run.sh\n",
      /files from another stage keep their group/,
      "FROM a AS b\nFROM debian:12\nCOPY --from=b --chown=7:0 /o/run.sh /run.sh\n",
    ],
    [
      "USER",
      `FROM debian:12\n${file}USER 12\nRUN chmod 755 /run.sh\n`,
      /line 4 runs as 12/,
      "FROM debian:12\nCOPY --chmod=755 run.sh /run.sh\nUSER 12\n",
    ],
    [
      "a list that goes on after a failure",
      `FROM debian:12\n${file}RUN mkdir /x; chmod 755 /run.sh\n`,
      /without set -e/,
      "FROM debian:12\nCOPY --chmod=755 run.sh /run.sh\nRUN mkdir /x\n",
    ],
  ])("%s", async (_, dockerfile, condition, wanted) => {
    expect(await safety(dockerfile)).toMatch(condition);
    expect(await fixed(dockerfile)).toBe(dockerfile);
    // the flags of a COPY may stand in any order
    const sorted = (text: string) => text.replace(/(--from=b) (--chown=\S+)/, "$2 $1");
    expect(await forced(dockerfile)).toBe(sorted(wanted));
    await checkFixes(rule, known(dockerfile));
  });
});

test.each([
  [
    "FROM d\nCOPY a.sh /a.sh\nRUN chown 1:1 /a.sh && chmod 755 /a.sh\n",
    "--chown and --chmod in line 2 instead of the RUN in line 3",
  ],
  [
    "FROM d\nCOPY a.sh /a.sh\nCOPY b.sh /b.sh\nRUN id && chmod 755 /a.sh /b.sh\n",
    "--chmod in lines 2 and 3 instead of chmod in line 4",
  ],
  ["FROM d\nCOPY a.sh /a.sh\nRUN chmod 755 /a.sh /x\n", "--chmod in line 2 instead of chmod in line 3"],
])("the description names flags, lines and what goes: %j", async (dockerfile, wanted) => {
  expect((await editsOf(rule, known(dockerfile))).map(({ description }) => description)).toEqual([wanted]);
});

test("a number needs no user: what makes users in between does not matter", async () => {
  const text = "FROM d\nCOPY run.sh /run.sh\nRUN useradd -u 7 deploy\nRUN chown 7:7 /run.sh\n";
  expect(await safety(text)).toBe("safe");
});

describe("no edit at all", () => {
  test.each([
    [
      "Windows",
      "FROM mcr.microsoft.com/windows/servercore:ltsc2022\nCOPY run.sh /run.sh\nRUN chmod 755 /run.sh\n",
    ],
    [
      "a pinned frontend without symbolic modes",
      "# syntax=docker/dockerfile:1.10\nFROM d\nCOPY run.sh /run.sh\nRUN chmod +x /run.sh\n",
    ],
    [
      "a pinned frontend without --chmod",
      "# syntax=docker/dockerfile:1.1\nFROM d\nCOPY run.sh /run.sh\nRUN chmod 755 /run.sh\n",
    ],
    ["a COPY of another stage", "FROM d AS a\nCOPY run.sh /run.sh\nFROM a\nRUN chmod 755 /run.sh\n"],
    ["a comment inside the RUN", "FROM d\nCOPY run.sh /run.sh\nRUN \\\n  # for cron\n  chmod 755 /run.sh\n"],
    ["sudo in a group", "FROM d\nCOPY run.sh /run.sh\nRUN (chmod 755 /run.sh)\n"],
    [
      "two modes for the files of one COPY",
      "FROM d\nCOPY a.sh b.sh /usr/bin/\nRUN chmod 755 /usr/bin/a.sh && chmod 700 /usr/bin/b.sh\n",
    ],
    [
      "a variable that the COPY does not know",
      "FROM d\nCOPY run.sh /run.sh\nARG WHO=7\nRUN chown $WHO:$WHO /run.sh\n",
    ],
    ["a symbolic mode on top of the flag's", "FROM d\nCOPY --chmod=700 a.sh /a.sh\nRUN chmod +x /a.sh\n"],
    ["a flag that is there twice", "FROM d\nCOPY --chmod=700 --chmod=711 a.sh /a.sh\nRUN chmod 755 /a.sh\n"],
    [
      "a later change of one of two files",
      "FROM d\nCOPY a.sh b.sh /usr/bin/\nRUN chmod 700 /usr/bin/a.sh /usr/bin/b.sh && chmod 755 /usr/bin/a.sh\n",
    ],
    ["||", "FROM d\nCOPY run.sh /run.sh\nRUN chmod 755 /run.sh && a || b\n"],
    [
      "an owner beside a group that the flag sets",
      "FROM d\nCOPY --chown=5:6 a.sh /a.sh\nRUN chown 7 /a.sh\n",
    ],
    [
      "a later change of more than the first",
      "FROM d\nCOPY a.sh /a.sh\nRUN chmod 700 /a.sh && chmod -R 755 /a.sh\n",
    ],
    [
      "a name for one of two files that the same RUN makes",
      "FROM d\nCOPY a.sh /a.sh\nCOPY b.pem /b.pem\nRUN useradd app && chown app /a.sh && chown 7:7 /b.pem\n",
    ],
    [
      "a user that a COPY with a variable may bring",
      "FROM d\nCOPY site.pem /etc/site.pem\nARG T\nCOPY x $T\nRUN chown app /etc/site.pem\n",
    ],
    [
      "a user that a RUN in another shell may make",
      'FROM d\nCOPY site.pem /etc/site.pem\nSHELL ["fish", "-c"]\nRUN x\nSHELL ["sh", "-c"]\nRUN chown app /etc/site.pem\n',
    ],
    [
      "a user that a RUN that is not understood may make",
      "FROM d\nCOPY site.pem /etc/site.pem\nRUN x 'y\nRUN chown app /etc/site.pem\n",
    ],
    [
      "a user that the same RUN makes, and COPY would take for root",
      "FROM d\nCOPY run.sh /run.sh\nRUN useradd deploy && chown deploy /run.sh\n",
    ],
    [
      "a user that a RUN in between makes",
      "FROM d\nCOPY app /srv/app\nRUN groupadd -r app && useradd -r -g app app\nRUN chown -R app:app /srv/app\n",
    ],
    [
      "a user that a package in between makes",
      "FROM d\nCOPY site.pem /etc/site.pem\nRUN apt-get update && apt-get install -y nginx\nRUN chown nginx /etc/site.pem\n",
    ],
    [
      "a user that a script in between may make",
      "FROM d\nCOPY site.pem /etc/site.pem\nRUN /setup.sh\nRUN chown app /etc/site.pem\n",
    ],
    [
      "a user that a COPY in between may bring",
      "FROM d\nCOPY site.pem /etc/site.pem\nCOPY --from=b /etc/passwd /etc/passwd\nRUN chown app /etc/site.pem\n",
    ],
    [
      "a user that an ADD in between may bring",
      "FROM d\nCOPY site.pem /etc/site.pem\nADD rootfs.tar /\nRUN chown app /etc/site.pem\n",
    ],
    [
      "a group that is written into its file in between",
      "FROM d\nCOPY site.pem /etc/site.pem\nRUN echo app:x:7: >>/etc/group && chown 7:app /etc/site.pem\n",
    ],
  ])("%s", async (_, dockerfile) => {
    expect(await editsOf(rule, known(dockerfile))).toEqual([]);
  });
});

test.each([
  ["a file that nothing copied", "FROM d\nRUN chmod 755 /run.sh\n"],
  ["another path", "FROM d\nCOPY run.sh /run.sh\nRUN chmod 755 /other.sh\n"],
  ["a file inside a copied folder", "FROM d\nCOPY . /srv\nRUN chmod 755 /srv/run.sh\n"],
  ["only the folder itself", "FROM d\nCOPY . /srv\nRUN chown 1:1 /srv\n"],
  [
    "a command that may not run",
    "FROM d\nCOPY run.sh /run.sh\nRUN test -e /x && chmod 755 /run.sh || true\n",
  ],
  [
    "a builder stage",
    "FROM d AS b\nCOPY run.sh /run.sh\nRUN chmod 755 /run.sh\nFROM e\nCOPY --from=b /o /o\n",
  ],
  ["a mounted path", "FROM d\nCOPY run.sh /run.sh\nRUN --mount=type=bind,target=/run.sh chmod 755 /run.sh\n"],
  [
    "a mount that is not known",
    "FROM d\nARG T\nCOPY run.sh /run.sh\nRUN --mount=type=bind,target=$T chmod 755 /run.sh\n",
  ],
  ["the folder of a copied file", "FROM d\nCOPY a.sh /srv/app/\nRUN chmod 755 /srv/app\n"],
  ["a change with a redirect", "FROM d\nCOPY run.sh /run.sh\nRUN chmod -v 755 /run.sh > /log\n"],
  ["a file that is copied later", "FROM d\nRUN chmod 755 /run.sh\nCOPY run.sh /run.sh\n"],
  ["an option that chmod does not have", "FROM d\nCOPY run.sh /run.sh\nRUN chmod --quieter 755 /run.sh\n"],
  ["a login group of what is no name", "FROM d\nCOPY run.sh /run.sh\nRUN chown 7x: /run.sh\n"],
  ["a change without a path", "FROM d\nCOPY run.sh /run.sh\nRUN chmod 755\n"],
  ["no owner at all", "FROM d\nCOPY run.sh /run.sh\nRUN chown : /run.sh\n"],
  ["a mode that is none", "FROM d\nCOPY run.sh /run.sh\nRUN chmod u+r,oops /run.sh\n"],
  ["a mode with something in front", "FROM d\nCOPY run.sh /run.sh\nRUN chmod x.u+r /run.sh\n"],
  ["a numeric login group", "FROM d\nCOPY run.sh /run.sh\nRUN chown 7: /run.sh\n"],
  ["what find changes", "FROM d\nCOPY run.sh /run.sh\nRUN find / -exec chmod 755 /run.sh +\n"],
  ["chown --reference", "FROM d\nCOPY run.sh /run.sh\nRUN chown --reference=/etc/passwd /run.sh\n"],
  ["a heredoc of a few bytes", "FROM d\nCOPY <<X /run.sh\nhi\nX\nRUN chmod 755 /run.sh\n"],
])("it is silent about %s", async (_, dockerfile) => {
  expect(await findingsOf(rule, { dockerfile })).toEqual([]);
});

describe("with a linked image", () => {
  const dockerfile = "FROM debian:12\nCOPY web /srv/web\nRUN chown -R 33:33 /srv/web\n";
  const own = [
    "srv/ srv/web/ srv/web/a(1MB,a)",
    "srv/ srv/web/[uid=33,gid=33] srv/web/a(1MB,a,uid=33,gid=33)",
  ];
  const passwd =
    'etc/ etc/passwd("root:x:0:0::/root:/bin/sh\\nwww:x:33:33::/:/bin/sh\\n") etc/group("www:x:33:\\n")';

  test("one finding, proven, with the edit and its bytes first", async () => {
    const findings = await findingsOf(rule, { dockerfile, layers: ["srv/", ...own], base: 1 });
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({
      evidence: "both",
      bytes: 1_000_000,
      fixes: [{ safety: "safe", bytes: 1_000_000 }, { operation: "drop-dead" }],
    });
  });

  test("the layers show that the folder is fresh: safe", async () => {
    expect(await fixed(dockerfile, { layers: ["srv/", ...own], base: 1 })).toBe(
      "FROM debian:12\nCOPY --chown=33:33 web /srv/web\n",
    );
  });

  test("a folder whose name only begins like it was there: safe", async () => {
    const layers = ["srv/ srv/website/ srv/website/old(5,o) srv/we(1) srv/abc/ srv/abc/x(1)", ...own];
    expect(await safety(dockerfile, { layers, base: 1 })).toBe("safe");
  });

  test("the layers show that the folder was there: unsafe", async () => {
    const layers = ["srv/ srv/web/ srv/web/old(5,o)", ...own];
    expect(await safety(dockerfile, { layers, base: 1 })).toMatch(/may exist before/);
  });

  test("names are looked up in the image's own files", async () => {
    const named = dockerfile.replace("33:33", "www:www");
    expect(
      await safety(named, { layers: [`srv/ ${passwd}`, ...own], base: 1, keep: rule.wantsContent! }),
    ).toBe("safe");
    const groups = `etc/ etc/passwd("www:x:33:33::/:/bin/sh\\n") etc/group("staff:x:50:\\n")`;
    const grouped = { layers: [`srv/ ${groups}`, ...own], base: 1, keep: rule.wantsContent! };
    expect(await safety(dockerfile.replace("33:33", "www:staff"), grouped)).toBe("safe");
    expect(await safety(dockerfile.replace("33:33", "www:www"), grouped)).toBeUndefined();
    expect(await safety(dockerfile.replace("33:33", "staff:staff"), grouped)).toBeUndefined();
    const other = dockerfile.replace("33:33", "www:nobody");
    expect(
      await safety(other, { layers: [`srv/ ${passwd}`, ...own], base: 1, keep: rule.wantsContent! }),
    ).toBeUndefined();
  });

  test("a binary without extension is known to be a file", async () => {
    const text = "FROM debian:12\nCOPY server /usr/bin/server\nRUN chmod 755 /usr/bin/server\n";
    expect(await safety(text)).toMatch(/may be a folder/);
    const layers = [
      "usr/ usr/bin/",
      "usr/ usr/bin/ usr/bin/server(9MB,s,0644)",
      "usr/ usr/bin/ usr/bin/server(9MB,s,0755)",
    ];
    expect(await safety(text, { layers, base: 1 })).toBe("safe");
  });

  test("a heredoc that the layers show to be large gets the flag", async () => {
    const text = "FROM debian:12\nCOPY <<X /run.sh\nhi\nX\nRUN chmod 755 /run.sh\n";
    const layers = ["∅", "run.sh(9MB,s,0644)", "run.sh(9MB,s,0755)"];
    expect(await fixed(text, { layers, base: 1 })).toBe(
      "FROM debian:12\nCOPY --chmod=755 <<X /run.sh\nhi\nX\n",
    );
    const folder = text.replace("/run.sh\nhi", "/run.sh/\nhi");
    expect(
      await safety(folder, { layers: ["∅", "run.sh/ run.sh/X(9MB,s)", "run.sh/[0700]"], base: 1 }),
    ).toBeUndefined();
  });

  test("layers that refute it keep it silent", async () => {
    const layers = ["srv/", "srv/ srv/web/ srv/web/a(1MB,a,uid=33,gid=33)", "srv/"];
    expect(await findingsOf(rule, { dockerfile, layers, base: 1 })).toEqual([]);
  });

  test("an image of another Dockerfile gives no edit", async () => {
    const findings = await findingsOf(rule, {
      dockerfile: "FROM debian:12\nCOPY x /y\nRUN other\n",
      builtFrom: dockerfile,
      layers: own,
    });
    expect(findings.flatMap(({ fixes }) => fixes ?? []).filter(({ edits }) => edits !== undefined)).toEqual(
      [],
    );
  });
});

test("a recursive change is a warning, that of one file is not", async () => {
  const [all] = await findingsOf(rule, { dockerfile: "FROM d\nCOPY . /srv\nRUN chown -R 1:1 /srv\n" });
  expect(all).toMatchObject({
    message: "line 3 changes the owner of /srv, which line 2 copied: the files are stored twice",
    advice: "Set it in line 2: COPY --chown=1:1.",
  });
  expect(all?.severity).toBeUndefined();
  const [one] = await findingsOf(rule, { dockerfile: "FROM d\nCOPY a /a\nRUN chmod +x /a\n" });
  expect(one?.severity).toBe("info");
});

test("the later of two changes of one file counts", async () => {
  const dockerfile = "FROM d\nCOPY a.sh /a.sh\nRUN chmod 700 /a.sh && chmod 755 /a.sh\n";
  expect(await fixed(dockerfile)).toBe("FROM d\nCOPY --chmod=755 a.sh /a.sh\n");
});

test("several COPYs into a fresh folder all get the flag", async () => {
  const dockerfile =
    "FROM scratch\nCOPY package.json /bin/app/\nCOPY src /bin/app/src\nRUN chown -R 5:5 /bin/app\n";
  expect(await forced(dockerfile)).toBe(
    "FROM scratch\nCOPY --chown=5:5 package.json /bin/app/\nCOPY --chown=5:5 src /bin/app/src\n",
  );
});

describe("what builders make of the flags", () => {
  const chmod = "FROM debian:12\nCOPY run.sh /run.sh\nRUN chmod 0755 /run.sh\n";
  const chown = "FROM debian:12\nCOPY run.sh /run.sh\nRUN chown 7:7 /run.sh\n";

  test.each([
    ["nothing tells the builder", chmod, undefined, /Docker's classic builder refuses --chmod; --builder/],
    ["BuildKit", chmod, "buildkit", "safe"],
    ["buildah", chmod, "buildah", "safe"],
    ["kaniko", chmod, "kaniko", "safe"],
    ["# syntax", `# syntax=docker/dockerfile:1\n${chmod}`, undefined, "safe"],
    ["a frontend of somebody else", `# syntax=corp/frontend:1\n${chmod}`, undefined, /refuses --chmod/],
    [
      "another instruction that the classic builder refuses",
      `${chmod}RUN --network=none id\n`,
      undefined,
      "safe",
    ],
    ["a heredoc, which it refuses", `${chmod}COPY <<A /a\nx\nA\n`, undefined, "safe"],
    ["nothing, for an owner", chown, undefined, "safe"],
    ["the classic builder, for an owner", chown, "docker-classic", "safe"],
    [
      "a symbolic mode in buildah",
      `# syntax=docker/dockerfile:1\n${chmod.replace("0755", "+x")}`,
      "buildah",
      /buildah refuses modes like \+x/,
    ],
  ] as const)("%s", async (_, dockerfile, builder, wanted) => {
    const found = await safety(dockerfile, { builder: builder as SubjectSketch["builder"] & string });
    if (typeof wanted === "string") expect(found).toBe(wanted);
    else expect(found).toMatch(wanted);
  });

  test("the classic builder gets no flag that ends the build", async () => {
    expect(await editsOf(rule, known(chmod, { builder: "docker-classic" }))).toEqual([]);
  });

  test.each([
    ["0755 is what all give the folder itself", "0755", "safe"],
    ["755 is the same", "755", "safe"],
    ["another mode", "0750", /leave the folder \/web itself 0755/],
  ] as const)("a folder: %s", async (_, mode, wanted) => {
    const octal = mode.padStart(4, "0");
    const found = await safety(`FROM scratch\nCOPY web /web\nRUN chmod -R ${mode} /web\n`, {
      layers: ["web/ web/a(1MB,a,0644)", `web/[${octal}] web/a(1MB,a,${octal})`],
    });
    if (typeof wanted === "string") expect(found).toBe(wanted);
    else expect(found).toMatch(wanted);
  });

  test("folders whose modes nothing shows", async () => {
    const dockerfile = "FROM scratch\nCOPY web /bin/web\nRUN chmod -R 755 /bin/web\n";
    expect(await safety(dockerfile)).toMatch(/nothing shows the modes of the folders/);
  });
});

describe("set-user-ID and set-group-ID bits, which chown clears and BuildKit keeps", () => {
  const chown = "FROM debian:12\nCOPY tool.sh /usr/bin/tool.bin\nRUN chown 7:7 /usr/bin/tool.bin\n";
  const context = (mode: number) => ({ context: { files: { "tool.sh": { size: 10, mode } } } });

  test.each([
    ["the context shows none", context(0o755), "safe"],
    ["the context shows set-user-ID", context(0o4755), /^tool\.sh has a set-user-ID or set-group-ID bit/],
    ["the context shows set-group-ID", context(0o2711), /^tool\.sh has a set-user-ID or set-group-ID bit/],
    [
      "the context lacks the file",
      { context: { files: { other: 1 } } },
      /^nothing shows that the files have no/,
    ],
    ["a builder that drops them anyway", { ...context(0o4755), builder: "buildah" }, "safe"],
    ["no context", { context: undefined }, /^nothing shows that the files have no/],
  ] as const)("%s", async (_, more, wanted) => {
    const found = await safety(chown, more as More);
    if (typeof wanted === "string") expect(found).toBe(wanted);
    else expect(found).toMatch(wanted);
  });

  test("the context shows that a source is a file", async () => {
    const named = chown.replace("tool.sh", "./tool");
    expect(await safety(named, { context: { files: { tool: 10 } } })).toBe("safe");
    expect(await safety(named, { context: { files: { "tool/tool": 10 } } })).toMatch(/may be a folder/);
  });

  test("a file from another stage may have one, whoever builds", async () => {
    const dockerfile =
      "FROM a AS b\nFROM debian:12\nCOPY --from=b /o.sh /bin/o.sh\nRUN chown 7:7 /bin/o.sh\n";
    expect(await safety(dockerfile, { builder: "buildah" })).toMatch(/^nothing shows/);
  });

  test("a file of a heredoc has none", async () => {
    const dockerfile = "FROM debian:12\nCOPY <<A /bin/a\nx\nA\nRUN chown 7:7 /bin/a\n";
    const layers = ["bin/", "bin/a(9MB,s,0644)", "bin/a(9MB,s,mode=0644,uid=7,gid=7)"];
    expect(await safety(dockerfile, { layers, base: 1 })).toBe("safe");
  });

  const setuid = [
    "usr/ usr/bin/",
    "usr/bin/tool.bin(1MB,t,04755)",
    "usr/bin/tool.bin(1MB,t,mode=0755,uid=7,gid=7)",
  ];

  test("the layers show one: text, advice and edit name the mode, and Docker 20.10 makes it unsafe", async () => {
    const sketch = known(chown, { layers: setuid, base: 1 });
    const [finding] = await findingsOf(rule, sketch);
    expect(finding?.message).toContain("the mode (4755→0755) and the owner (0:0→7:7)");
    expect(finding?.advice).toBe("Set it in line 2: COPY --chown=7:7 --chmod=0755.");
    expect(await safety(chown, { layers: setuid, base: 1 })).toMatch(
      /keeps the set-user-ID bit .* under --chmod, too/,
    );
    expect(await forced(chown, { layers: setuid, base: 1 })).toBe(
      "FROM debian:12\nCOPY --chown=7:7 --chmod=0755 tool.sh /usr/bin/tool.bin\n",
    );
  });

  test("the mode of another file that the RUN changes is no mode of this one", async () => {
    const two = `FROM debian:12\nCOPY tool.sh /usr/bin/tool.bin\nCOPY run.sh /run.sh\nRUN chown 7:7 /usr/bin/tool.bin && chmod 0700 /run.sh\n`;
    const layers = [...setuid.slice(0, 2), "run.sh(1MB,r,0644)", `${setuid[2]} run.sh(1MB,r,mode=0700)`];
    expect(await forced(two, { layers, base: 1 })).toBe(
      "FROM debian:12\nCOPY --chown=7:7 --chmod=0755 tool.sh /usr/bin/tool.bin\nCOPY --chmod=0700 run.sh /run.sh\n",
    );
  });

  test("layers with other ids than the text are not what the flags would make", async () => {
    const text = "FROM debian:12\nCOPY tool.sh /usr/bin/tool.bin\nRUN chown 33:33 /usr/bin/tool.bin\n";
    const layers = (uid: number) => [
      "usr/ usr/bin/",
      "usr/bin/tool.bin(1MB,t,0644)",
      `usr/bin/tool.bin(1MB,t,mode=0644,uid=${uid},gid=33)`,
    ];
    expect(await safety(text, { layers: layers(33), base: 1 })).toBe("safe");
    expect(await safety(text, { layers: layers(34), base: 1 })).toMatch(
      /^the layers show \/usr\/bin\/tool\.bin as 0?644 34:33/,
    );
  });

  test("one of several files has one", async () => {
    const folder = "FROM debian:12\nCOPY web /web\nRUN chown -R 7:7 /web\n";
    const layers = [
      "srv/",
      "web/ web/a(1MB,a) web/s(1MB,s,04755)",
      "web/[uid=7,gid=7] web/a(1MB,a,uid=7,gid=7) web/s(1MB,s,mode=0755,uid=7,gid=7)",
    ];
    expect(await safety(folder, { layers, base: 1 })).toMatch(/^\/web\/s has a set-user-ID/);
  });

  test("the layers show that the RUN left something else than the flag would make", async () => {
    const folder = "FROM debian:12\nCOPY web /web\nRUN chown -R 7:7 /web\n";
    // busybox follows the symlink, and leaves it to root
    const layers = [
      "srv/",
      "web/ web/a(1MB,a) web/l→a",
      "web/[uid=7,gid=7] web/a(1MB,a,uid=7,gid=7) web/l→a",
    ];
    expect(await safety(folder, { layers, base: 1 })).toMatch(
      /^the layers show \/web\/l as \d+ 0:0 after line 3/,
    );
  });
});

describe("what stands beside the COPY and the RUN", () => {
  const file = "FROM debian:12\nCOPY run.sh /bin/run.sh\n";
  const folder = "COPY web /bin/web\nRUN chown -R 1:1 /bin/web\n";
  test.each([
    ["a volume that is declared later", `${file}RUN chmod 755 /bin/run.sh\nVOLUME /bin\n`],
    [
      "a source in another stage with the name of the target",
      `FROM scratch\nCOPY --from=b /bin/web /x\n${folder}`,
    ],
    ["two folders that become one", `FROM scratch\nCOPY base /bin/web\n${folder}`],
    [
      "an old frontend, which knows --chown",
      `# syntax=docker/dockerfile:1.1\n${file}RUN chown 7:7 /bin/run.sh\n`,
    ],
  ])("does not matter: %s", async (_, dockerfile) => {
    expect(await safety(dockerfile)).toBe("safe");
  });

  test.each([
    [
      "a user whose name ends like root's",
      `${file}USER nonroot\nRUN chmod 755 /bin/run.sh\n`,
      /runs as nonroot/,
    ],
    ["one volume of two", `${file}VOLUME /data /bin\nRUN chmod 755 /bin/run.sh\n`, /makes it a volume/],
    [
      "an unknown command before",
      `${file}RUN $X && chmod 755 /bin/run.sh\n`,
      /^another command comes before/,
    ],
    ["an unknown command behind", `${file}RUN chmod 755 /bin/run.sh && $X\n`, /^another command comes after/],
    [
      "letters for set-user-ID",
      `# syntax=docker/dockerfile:1\n${file}RUN chmod u+s /bin/run.sh && chown 1:1 /bin/run.sh\n`,
      /set-user-ID/,
    ],
    [
      "a mode that the umask cuts behind another letter",
      `# syntax=docker/dockerfile:1\n${file}RUN chmod +rw /bin/run.sh\n`,
      /umask/,
    ],
    ["a WORKDIR elsewhere", `FROM debian:12\nWORKDIR /etc\n${folder}`, /may exist before/],
    [
      "a WORKDIR below it",
      `FROM debian:12\nWORKDIR /bin/web/x\n${folder}`,
      /line 2 creates \/bin\/web first/,
    ],
    ["a program in an empty image", `FROM scratch\nRUN ["./x"]\n${folder}`, /may exist before/],
  ])("matters: %s", async (_, dockerfile, condition) => {
    expect(await safety(dockerfile)).toMatch(condition);
  });

  test("the same mode for each file of one COPY is one flag", async () => {
    expect(
      await forced(
        "FROM debian:12\nCOPY a.sh b.sh /usr/bin/\nRUN chmod 755 /usr/bin/a.sh && chmod 755 /usr/bin/b.sh\n",
      ),
    ).toBe("FROM debian:12\nCOPY --chmod=755 a.sh b.sh /usr/bin/\n");
  });

  test("a flag that says the same already stays", async () => {
    expect(await fixed("FROM debian:12\nCOPY --chmod=755 a.sh /bin/a.sh\nRUN chmod 755 /bin/a.sh\n")).toBe(
      "FROM debian:12\nCOPY --chmod=755 a.sh /bin/a.sh\n",
    );
  });

  test("a variable of the environment is known to the COPY", async () => {
    expect(
      await forced("FROM debian:12\nENV WHO=7\nCOPY a.sh /bin/a.sh\nRUN chown $WHO:$WHO /bin/a.sh\n"),
    ).toBe("FROM debian:12\nENV WHO=7\nCOPY --chown=$WHO:$WHO a.sh /bin/a.sh\n");
  });
});

describe("folders that COPY creates get the owner as well, so the parent has to be there", () => {
  const chown = (base: string, more = "") =>
    `FROM ${base}\n${more}COPY run.sh /usr/local/bin/run\nRUN chown 7:7 /usr/local/bin/run\n`;

  test.each([
    "busybox:1.36",
    "docker.io/library/busybox",
    "registry.example/team/base:3",
    "team/base@sha256:0",
  ])("by the text, %s may have no /usr/local/bin", async (base) => {
    expect(await safety(chown(base))).toMatch(/may create \/usr\/local\/bin/);
  });

  test.each(["debian:12", "docker.io/library/node:22-slim", "library/python@sha256:0"])(
    "by the text, the official image %s has one",
    async (base) => {
      expect(await safety(chown(base))).toBe("safe");
    },
  );

  test("by the text, an image has one if a step runs its package manager", async () => {
    expect(await safety(chown("team/base", "RUN apk add curl\n"))).toBe("safe");
    expect(await safety(chown("team/base", "RUN command -v apk && apk add curl || true\n"))).toMatch(
      /may create/,
    );
    expect(await safety(chown("team/base", "RUN npm ci\n"))).toMatch(/may create/);
  });

  test("BusyBox has a home for all users", async () => {
    const text = "FROM busybox\nCOPY run.sh /home/run\nRUN chown 7:7 /home/run\n";
    expect(await safety(text)).toBe("safe");
  });

  test("the layers decide, whatever the name of the image promises", async () => {
    const own = [
      "usr/ usr/local/ usr/local/bin/ usr/local/bin/run(1MB,s)",
      "usr/local/bin/run(1MB,s,uid=7,gid=7)",
    ];
    const text = chown("debian:12");
    expect(await safety(text, { layers: ["usr/ usr/bin/", ...own], base: 1 })).toMatch(/may create/);
    expect(await safety(text, { layers: ["usr/ usr/local/ usr/local/bin/", ...own], base: 1 })).toBe("safe");
  });
});
