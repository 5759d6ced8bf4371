export declare function withBorders(text: string): string;
