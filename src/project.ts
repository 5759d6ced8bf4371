/** Where the project lives: everything that prints or publishes an address of it takes this one. */

/** A placeholder until the project has a public address. package.json, the pages and `.github` repeat it; a test compares. */
export const homepage = "https://example.org/layerlint";

/** The id of a published JSON Schema: `report`, `config`, … */
export function schemaId(name: string): string {
  return `${homepage}/schema/${name}.schema.json`;
}
