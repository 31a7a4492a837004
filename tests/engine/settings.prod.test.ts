import { describeSettings } from "./settingsTable.ts";

describeSettings("prod");
