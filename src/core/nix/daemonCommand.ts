/**
 * The command that starts nix's daemon, for a user to run: each asks for their password, in the
 * foreground.
 *
 * @param platform as node names it
 * @param hasSystemd whether systemd runs on this machine
 */
export function daemonCommand(platform: string, hasSystemd: boolean): string {
    if (platform === "darwin") return "sudo launchctl kickstart -k system/org.nixos.nix-daemon";
    return hasSystemd ? "sudo systemctl start nix-daemon" : "sudo -b nix-daemon";
}
