/** A toolchain file of these lines. */
export const table = (...lines: string[]): string => ["[toolchain]", ...lines, ""].join("\n");
export const at175 = (...lines: string[]): string => table('channel = "1.75.0"', ...lines);
export const channel = (name: string): string => table(`channel = "${name}"`);

/** The rows of test/fixtures/toolchain-files.json, which has what rust-overlay made of them. */
export const TOOLCHAIN_FILES: Readonly<Record<string, string>> = {
    "toml-stable": channel("stable"),
    "toml-1.75.0": channel("1.75.0"),
    "toml-1.75": channel("1.75"),
    "toml-1": channel("1"),
    "toml-1.75.9-nonexistent": channel("1.75.9"),
    "toml-1.200-nonexistent": channel("1.200"),
    "toml-1.28.0-too-old": channel("1.28.0"),
    "toml-beta": channel("beta"),
    "toml-beta-dated": channel("beta-2026-01-10"),
    "toml-nightly": channel("nightly"),
    "toml-nightly-2024-01-01": channel("nightly-2024-01-01"),
    "toml-nightly-2025-01-01": channel("nightly-2025-01-01"),
    "toml-nightly-2026-06-01": channel("nightly-2026-06-01"),
    "toml-nightly-future": channel("nightly-2027-01-01"),
    "toml-stable-dated": channel("stable-2024-01-01"),
    "toml-host-triple": channel("1.75.0-x86_64-unknown-linux-gnu"),
    "toml-stable-host-triple": channel("stable-x86_64-unknown-linux-gnu"),
    "toml-1.75-beta": channel("1.76.0-beta.1"),
    "toml-dev": channel("esp"),
    "toml-profile-minimal": at175('profile = "minimal"'),
    "toml-profile-complete": at175('profile = "complete"'),
    "toml-profile-bad": at175('profile = "full"'),
    "toml-profile-old-1.29": table('channel = "1.29.0"', 'profile = "minimal"'),
    "toml-components-src-ra": at175('components = ["rust-src", "rust-analyzer"]'),
    "toml-component-unknown": at175('components = ["rustfm"]'),
    "toml-component-cargo-fmt": at175('components = ["cargo-fmt"]'),
    "toml-component-miri-on-stable": at175('components = ["miri"]'),
    "toml-component-rust-analyzer-1.60": table(
        'channel = "1.60.0"',
        'components = ["rust-analyzer"]',
    ),
    "toml-component-with-triple": at175('components = ["rust-std-wasm32-unknown-unknown"]'),
    "toml-targets-wasm-musl": at175(
        'targets = ["wasm32-unknown-unknown", "x86_64-unknown-linux-musl"]',
    ),
    "toml-target-unknown": at175('targets = ["wasm32-unknown"]'),
    "toml-target-wasip1-too-old": table('channel = "1.70.0"', 'targets = ["wasm32-wasip1"]'),
    "toml-path": table('path = "/opt/rust"'),
    "toml-no-channel": table('components = ["rustfmt"]'),
    "toml-empty-table": "[toolchain]\n\n",
    "toml-extra-key": at175("foo = 1"),
    "toml-extra-table": at175("[other]", "foo = 1"),
    "toml-no-toolchain-table": '# Rust\nchannel = "1.75.0"\n',
    "toml-one-line-dotted": 'toolchain.channel = "1.75.0"\n',
    "toml-one-line-inline": 'toolchain = { channel = "1.75.0" }\n',
    "toml-crlf": '[toolchain]\r\nchannel = "1.75.0"\r\n',
    "toml-bom": '\uFEFF[toolchain]\nchannel = "1.75.0"\n',
    "toml-comment-first": '# Rust\n[toolchain]\nchannel = "1.75.0"\n',
    "toml-uppercase": channel("Stable"),
    "legacy-stable": "stable\n",
    "legacy-1.75.0": "1.75.0\n",
    "legacy-1.75.0-nonl": "1.75.0",
    "legacy-crlf": "1.75.0\r\n",
    "legacy-nightly-dated": "nightly-2026-06-01\n",
    "legacy-triple": "stable-x86_64-unknown-linux-gnu\n",
    "legacy-two-newlines": "1.75.0\n\n",
    "legacy-leading-space": " 1.75.0\n",
    "legacy-trailing-space": "1.75.0 \n",
    "legacy-file-with-toml": at175('components = ["rust-src"]'),
    empty: "",
};

/** What such a file is called: the older name where its row says so. */
export function nameOfRow(row: string): string {
    return /^legacy/.test(row) ? "rust-toolchain" : "rust-toolchain.toml";
}
