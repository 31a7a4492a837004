import * as z from "zod";
import { decoded, emailAddresses } from "./fields.ts";

const amount = "is not allowed: use an amount above 0";

/** What the service may cost in a month: the setting `budget`. */
export const budgetSchema = decoded(
  z.strictObject({
    limitAmount: z.number(amount).positive(amount),
    emailAddresses: emailAddresses().optional(),
  }),
);
