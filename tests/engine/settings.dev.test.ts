import { describeSettings } from "./settingsTable.ts";

describeSettings("dev");
