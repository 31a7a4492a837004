/** An ingress rule: a separate resource, or one inside a security group. */
export interface IngressRule {
  /** `egress` for an egress rule; absent for types that can only be ingress rules. */
  readonly type?: string;
  /** `tcp`, `udp` or a number; `-1` for every protocol. */
  readonly ipProtocol?: string;
  /** Same as `ipProtocol`. */
  readonly protocol?: string;
  readonly fromPort?: number;
  readonly toPort?: number;
  readonly cidrIpv4?: string;
  readonly cidrIpv6?: string;
  readonly cidrBlocks?: readonly string[];
  readonly ipv6CidrBlocks?: readonly string[];
}

/**
 * Whether the rule opens a port other than 80 and 443 to the internet.
 * Source: https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html (EC2.18)
 */
export function opensUnauthorizedPort(rule: IngressRule): boolean {
  const { fromPort, toPort } = ports(rule);
  return fromInternet(rule) && !authorizedPorts.some((port) => fromPort === port && toPort === port);
}

/**
 * Whether the rule opens a high-risk port to the internet.
 * Source: https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html (EC2.19)
 */
export function opensRiskyPort(rule: IngressRule): boolean {
  const { fromPort, toPort } = ports(rule);
  return fromInternet(rule) && riskyPorts.some((port) => fromPort <= port && port <= toPort);
}

const authorizedPorts = [80, 443];
const riskyPorts = [
  20, 21, 22, 23, 25, 110, 135, 143, 445, 1433, 1434, 3000, 3306, 3389, 4333, 5000, 5432, 5500, 5601, 8080, 8088, 8888,
  9200, 9300,
];

function fromInternet(rule: IngressRule): boolean {
  const sources = [rule.cidrIpv4, rule.cidrIpv6, ...(rule.cidrBlocks ?? []), ...(rule.ipv6CidrBlocks ?? [])];
  return rule.type !== "egress" && sources.some((source) => source === "0.0.0.0/0" || source === "::/0");
}

function ports({ protocol, ipProtocol = protocol, fromPort = 0, toPort = 65_535 }: IngressRule): {
  fromPort: number;
  toPort: number;
} {
  return ipProtocol === "-1" || fromPort === -1 ? { fromPort: 0, toPort: 65_535 } : { fromPort, toPort };
}
