export const bundleFolder: string;
export function bundle(contents: string, outfile: string): Promise<void>;
export function fromSource(contents: string): Promise<unknown>;
