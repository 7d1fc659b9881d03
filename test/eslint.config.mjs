// Only what the compiler can't see: promises that nobody waits for.
import tseslint from "typescript-eslint";

export default tseslint.config(
    { ignores: ["dist/**", "node_modules/**"] },
    {
        files: ["src/**/*.ts", "test/**/*.ts"],
        extends: [tseslint.configs.base],
        languageOptions: {
            parserOptions: { project: "../tsconfig.json", tsconfigRootDir: import.meta.dirname },
        },
        rules: {
            "@typescript-eslint/no-floating-promises": "error",
            "@typescript-eslint/no-misused-promises": "error",
            "@typescript-eslint/await-thenable": "error",
            "@typescript-eslint/return-await": ["error", "error-handling-correctness-only"],
            "@typescript-eslint/switch-exhaustiveness-check": [
                "error",
                { considerDefaultExhaustiveForUnions: true },
            ],
            "@typescript-eslint/only-throw-error": "error",
            eqeqeq: "error",
        },
    },
);
