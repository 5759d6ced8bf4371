/** Rules that look at other lines of a Dockerfile take time that grows with the file, not with its square. */
import { expect, test } from "vitest";
import { leftoverCache } from "../../rules/caches/leftover-cache.ts";
import { devDependenciesInstalled } from "../../rules/packages/dev-dependencies-installed.ts";
import { checkRule, viewsOf } from "../../src/lint/check-rule.ts";
import { defaultOptions } from "../../src/lint/settings.ts";
import { must } from "../../src/must.ts";
import { subjectOf } from "../support/subject.ts";
import { growthOf } from "../support/work.ts";

test.each([
  [devDependenciesInstalled, "RUN npm ci\n", "", 1],
  [devDependenciesInstalled, "RUN bundle install\n", "", 1],
  [devDependenciesInstalled, "RUN npm ci\n", "RUN npm run build\n", 1],
  [devDependenciesInstalled, "RUN npm ci\n", "RUN npm prune --omit=dev\n", 0],
  [leftoverCache, "RUN npm ci\n", "RUN npm cache clean --force\n", 0],
])("$id: many lines of $1 before $2", async (rule, line, last, found) => {
  const subjects = new Map(
    await Promise.all(
      [50, 200].map(async (size) => {
        const dockerfile = `FROM s\n${line.repeat(size)}${last}`;
        return [size, viewsOf(await subjectOf({ dockerfile }))] as const;
      }),
    ),
  );
  const make = (size: number) => () => {
    const findings = [...checkRule(rule, must(subjects.get(size), "the subject"), defaultOptions(rule))];
    expect(findings).toHaveLength(found * size);
  };
  expect(growthOf(make, 50)).toBeLessThan(6);
});
