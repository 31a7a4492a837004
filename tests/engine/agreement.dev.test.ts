import { describeAgreement } from "./agreementTable.ts";

describeAgreement("dev");
