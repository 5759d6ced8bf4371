/** The project's address, for everything that prints or publishes it. */

/** A placeholder until the project has a public address. package.json, the pages and `.github` repeat it; a test compares. */
export const homepage = "https://example.org/layerlint";

/** Returns the id of a published JSON Schema: `report`, `config`, … */
export function schemaId(name: string): string {
  return `${homepage}/schema/${name}.schema.json`;
}
