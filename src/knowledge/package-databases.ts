import type { BytePath } from "../image/image.ts";

/**
 * Files that every package operation writes as a whole: two instructions that install something store them twice, and
 * only one instruction instead of two avoids it (docs/spec/layers.md, rule 8). Each with what writes it.
 */
export const INHERENT: readonly { readonly what: string; readonly paths: RegExp }[] = [
  // dpkg(1), "Files": the administrative directory; apt.conf(5), Dir::State.
  { what: "dpkg and apt", paths: /^var\/lib\/(?:dpkg\/|apt\/extended_states$)/ },
  // debconf.conf(5): the databases and their backups.
  { what: "debconf", paths: /^var\/cache\/debconf\// },
  // What apt and dpkg append to (apt.conf(5), Dir::Log; dpkg.cfg(5), log; update-alternatives(1), --log).
  { what: "dpkg and apt logs", paths: /^var\/log\/(?:dpkg\.log|alternatives\.log|apt\/[^/]+)$/ },
  // rpm(8), %_dbpath: the old place, and the one since Fedora 36 and openSUSE Tumbleweed.
  { what: "rpm", paths: /^(?:var\/lib\/rpm|usr\/lib\/sysimage\/rpm)\// },
  // dnf(8), "Files": the history and the module state; dnf5's system state.
  { what: "dnf", paths: /^(?:var\/lib\/dnf|usr\/lib\/sysimage\/libdnf5)\// },
  // apk-tools: the installed database and the world file; below usr/ since apk-tools 3.
  { what: "apk", paths: /^(?:(?:usr\/)?lib\/apk\/db\/|etc\/apk\/world$)/ },
  // pacman(8), "Handling config files", DBPath.
  { what: "pacman", paths: /^var\/lib\/pacman\// },
  // ldconfig(8), "Files".
  { what: "ldconfig", paths: /^(?:etc\/ld\.so\.cache|var\/cache\/ldconfig\/aux-cache)$/ },
];

/** The package database or cache that a path belongs to, or undefined. */
export function inherentTo(path: BytePath): string | undefined {
  return INHERENT.find(({ paths }) => paths.test(path))?.what;
}
