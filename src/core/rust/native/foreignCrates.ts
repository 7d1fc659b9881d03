import type { BuildPlatform } from "../cargo/targetPlatform";

/** Crates that do nothing on other platforms than their own, whoever depends on them. */
const WINDOWS =
    /^(?:windows(?:[-_].*)?|.*[-_]windows|winapi(?:-.*)?|winreg|schannel|wepoll.*|clipboard-win|error-code|wmi|tauri-winres|winres|winresource|embed-resource|webview2-com.*|dxgi|d3d12|wio|dwrote|com-rs|hassle-rs|winit-win32|wasapi|uds_windows)$/;
const APPLE =
    /^(?:.*[-_](?:macos|ios)|objc.*|block2?|core-(?:foundation|graphics|text|video|media|audio|services)(?:-.*)?|core_(?:foundation|graphics).*|coreaudio-(?:rs|sys)(?:-.*)?|coremidi(?:-sys)?|cocoa(?:-.*)?|metal|security-framework(?:-sys)?|system-configuration(?:-sys)?|fsevent(?:-sys|-stream)?|mac-notification-sys|mac_address_apple|dispatch2?|icrate|tracing-oslog|oslog|io-kit-sys|io_kit_sys|mach|mach2|mach_o_sys|apple-.*|appkit-.*|winit-(?:appkit|uikit)|kqueue(?:-sys)?|screencapturekit.*|wgpu-core-deps-apple|raw-window-metal|plist-apple|keychain-services|cidre)$/;
const ANDROID = /^(?:(?:.*[-_])?android(?:[-_].*)?|ndk(?:-.*)?|oboe(?:-.*)?)$/;
const LINUX =
    /^(?:.*[-_]linux|alsa(?:-sys)?|wayland-.*|x11rb.*|x11-dl|x11|libudev.*|udev|smithay.*|sctk-.*|xkbcommon.*|libpulse-.*|pipewire.*|libspa.*|drm.*|gbm.*|input-sys|evdev.*|libseccomp.*|landlock|procfs.*|inotify.*|winit-(?:x11|wayland|orbital)|zbus.*|linux-raw-sys)$/;
const REDOX = /^(?:orbclient|redox_.*|winit-orbital)$/;

const FOREIGN: Readonly<Record<BuildPlatform, readonly RegExp[]>> = {
    linux: [WINDOWS, APPLE, ANDROID, REDOX],
    darwin: [WINDOWS, ANDROID, LINUX, REDOX],
};

/** Whether a crate has nothing to do on a platform. */
export function isForeignCrate(name: string, platform: BuildPlatform): boolean {
    return FOREIGN[platform].some((pattern) => pattern.test(name));
}
