/** Words of features that say nothing about which dependency they are for. */
const NO_NAME =
    /^(?:backend|support|features?|default|enable|use|with|std|full|all|sys|rt|runtime)$/;

/**
 * Whether a feature of a published package, of which only the names are known, is likely there for
 * one of its dependencies: `pulseaudio-backend` for libpulse-binding.
 */
export function isFeatureFor(feature: string, dependency: string): boolean {
    if (feature === dependency) return true;
    const wanted = words(feature).filter((word) => !NO_NAME.test(word));
    const offered = words(dependency).map((word) => word.replace(/^lib(?=...)/, ""));
    return wanted.some((word) => offered.some((other) => isSame(word, other)));
}

function words(name: string): string[] {
    return name.split(/[-_]/).filter((word) => word.length > 2);
}

/** `pulse` and `pulseaudio`, `sdl` and `sdl2`. */
function isSame(a: string, b: string): boolean {
    const [short, long] = a.length < b.length ? [a, b] : [b, a];
    if (!long.startsWith(short)) return false;
    return short.length > 3 || /^\d*$/.test(long.slice(short.length));
}
