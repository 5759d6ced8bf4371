/** Before the first test of a run of the lab, and after its last: the lab's folder belongs to one run at a time. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Two runs at once would delete each other's folders; the process that made a stale file is gone. */
export default function takeLab(): () => void {
  const lab = process.env["LAYERLINT_LAB"] ?? join(process.env["TMPDIR"] ?? "/var/tmp", "layerlint-lab");
  const owner = join(lab, "run.pid");
  mkdirSync(lab, { recursive: true });
  if (existsSync(owner)) {
    const pid = readFileSync(owner, "utf8");
    if (existsSync(`/proc/${pid}`))
      throw new Error(`process ${pid} uses ${lab}: wait for it, or set LAYERLINT_LAB to another folder`);
    rmSync(owner);
  }
  writeFileSync(owner, String(process.pid), { flag: "wx" });
  return () => rmSync(owner);
}
