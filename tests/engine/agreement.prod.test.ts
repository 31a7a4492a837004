import { describeAgreement } from "./agreementTable.ts";

describeAgreement("prod");
