/** What nixpkgs before 26.05 calls them; later ones know these names too, with a warning. */
const BEFORE_26_05: Readonly<Record<string, string>> = {
    libx11: "xorg.libX11",
    libxcb: "xorg.libxcb",
    libxcursor: "xorg.libXcursor",
    libxext: "xorg.libXext",
    libxfixes: "xorg.libXfixes",
    libxft: "xorg.libXft",
    libxi: "xorg.libXi",
    libxinerama: "xorg.libXinerama",
    libxrandr: "xorg.libXrandr",
    libxrender: "xorg.libXrender",
    libxscrnsaver: "xorg.libXScrnSaver",
    libxtst: "xorg.libXtst",
    "libxcb-cursor": "xorg.xcbutilcursor",
    "libxcb-image": "xorg.xcbutilimage",
    "libxcb-keysyms": "xorg.xcbutilkeysyms",
    "libxcb-util": "xorg.xcbutil",
    "libxcb-wm": "xorg.xcbutilwm",
    unixodbc: "unixODBC",
};

/**
 * The name of an attribute that every nixpkgs of the last years has, where the one of the table is
 * new (nixpkgs pull request 479724). For a flake whose nixpkgs may be old.
 */
export function nameInEveryNixpkgs(attribute: string): string {
    return BEFORE_26_05[attribute] ?? attribute;
}
