import type { NamedOption } from "./npm.ts";

/** The options of `pulumi up`, `preview` and `destroy` of which npm takes any that are given without `--`. */
export const pulumiOptions: readonly NamedOption[] = [
  ...named(
    true,
    "attach-debugger config config-file exclude import-file message otel-traces override-env parallel plan policy-pack",
    "policy-pack-config profiling save-plan secrets-provider stack target target-replace tracing",
  ),
  ...named(
    false,
    "config-path continue-on-error debug diff exclude-dependents exclude-protected expect-no-changes ignore-protect json",
    "logflow logtostderr neo non-interactive preview-only refresh remove run-program show-config show-full-output",
    "show-policy-remediations show-reads show-replacement-steps show-sames show-secrets skip-config-validation",
    "skip-plugin-pre-install skip-preview strict suppress-outputs suppress-permalink suppress-progress",
    "target-dependents urns",
  ),
  { long: "--yes", short: "-y", required: false },
];

function named(required: boolean, ...lines: readonly string[]): NamedOption[] {
  return lines.flatMap((line) => line.split(" ").map((name) => ({ long: `--${name}`, required })));
}
