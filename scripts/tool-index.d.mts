export function toolIndex(folder: string): string;
