using Settlement.Ledger;
using Settlement.Policy;

namespace Settlement.Cli.Replay;

/// <summary>One entry decided a second time.</summary>
/// <param name="Kind">What the entry is.</param>
/// <param name="VisitType">Visit type, or the word for a grant; empty for an entry that pays nothing.</param>
/// <param name="Category">Best assistance category on the day of care, else the insured category.</param>
/// <param name="Payments">What was paid and what would be.</param>
/// <param name="Refused">Why the changed pack refuses it, else null.</param>
internal sealed record ReplayRow(LedgerEntryKind Kind, string VisitType, string Category, Comparison Payments, RefusalCode? Refused);
