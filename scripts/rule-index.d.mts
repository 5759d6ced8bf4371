export declare function ruleFiles(rules: string): string[];
export declare function ruleIndex(rules: string): string;
