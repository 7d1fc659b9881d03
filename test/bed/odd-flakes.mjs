/**
 * Dev shells that go wrong, or do what a program that captures them may not expect. Processes that
 * they leave behind sleep for 98765 seconds, so that a test can look for them.
 *
 * @type {Record<string, import("./flake.mjs").Flake>}
 */
export const oddFlakes = {
    // What is exported on either side of the failure arrives.
    "hook-fails": { hook: "export BEFORE=1\nno-such-command\nfalse\nexport AFTER=1" },
    "hook-fails-strictly": { hook: "set -e\nexport BEFORE=1\nfalse\nexport AFTER=1" },
    "hook-has-syntax-error": { hook: "export BEFORE=1\nif then fi" },
    "hook-exits": { hook: "echo 'wrong project' >&2\nexit 3" },
    "hook-reads-stdin": { hook: 'read -r answer\nexport ANSWER="got: $answer"' },
    "hook-hangs": { hook: "bash -c 'sleep 98765; true'" },
    // It deafens itself to what usually ends a shell.
    "hook-hangs-stubbornly": { hook: "trap '' TERM INT HUP\nwhile true; do sleep 98765; done" },
    "hook-execs": { hook: "export BEFORE=1\nexec bash --norc" },
    // The daemon keeps the standard streams open.
    "hook-daemon": { hook: "sleep 98765 &\nexport DAEMON=$!" },
    "hook-floods": { hook: 'for i in {1..20000}; do echo "line $i of the hook"; done' },
    "hook-is-slow": { hook: "sleep 3\nexport SLOW=1" },

    "many-variables": {
        expression: `builtins.listToAttrs (
            builtins.genList (i: {
                name = "MANY_\${toString i}";
                value = "value \${toString i}";
            }) 5000
        )`,
    },
    // Linux starts no program with a variable of more than 128 KiB, not even env.
    "huge-variable": { hook: "printf -v HUGE '%*s' 1048576 x\nexport HUGE" },

    "syntax-error": { text: "{\n    outputs = { self }: {\n        devShells = { ];\n    };\n}\n" },
    "no-shell-for-system": { system: "powerpc64le-linux" },
    throws: { expression: '{ BROKEN = throw "this dev shell is broken on purpose"; }' },
    "only-a-package": {
        text: `{
    outputs = { self }: { packages = { }; lib.answer = 42; };
}
`,
    },
    "fails-to-build": {
        expression: `{
            DEPENDENCY = derivation {
                name = "broken-dependency";
                inherit system;
                builder = bash;
                args = [ "-c" "echo first line; echo second line >&2; exit 7" ];
            };
        }`,
    },

    // No interruption reaches pure evaluation. Some minutes.
    "evaluates-slowly": {
        expression: `{
            SLOW =
                let
                    numbers = builtins.genList (i: i) 100000;
                    sum = builtins.foldl' (a: b: a + b) 0;
                in
                toString (builtins.foldl' (a: i: a + sum (map (j: i) numbers)) 0 numbers);
        }`,
    },
    "builds-slowly": {
        expression: `{
            DEPENDENCY = derivation {
                name = "slow-dependency";
                inherit system;
                builder = bash;
                args = [ "-c" "echo compiling; bash -c 'sleep 98765; true'; echo > $out" ];
                PATH = builtins.concatStringsSep ":" [ (dirOf bash) "/usr/bin" "/bin" ];
            };
        }`,
    },
};
