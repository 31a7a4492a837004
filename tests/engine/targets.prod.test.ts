import { describeTargets } from "./targetsTable.ts";

describeTargets("prod");
