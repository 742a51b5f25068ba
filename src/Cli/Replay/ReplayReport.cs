using Settlement.Ledger;
using Settlement.Policy;

namespace Settlement.Cli.Replay;

/// <summary>How many persons gain, lose or stay as they are.</summary>
internal sealed class PersonCounts
{
    /// <summary>Persons for whom more is paid.</summary>
    public long Gain { get; private set; }

    /// <summary>Persons for whom less is paid.</summary>
    public long Lose { get; private set; }

    /// <summary>Persons for whom the same is paid.</summary>
    public long Stay { get; private set; }

    /// <summary>Counts one person by the difference of what is paid for them.</summary>
    public void Count(long difference)
    {
        if (difference > 0) Gain++;
        else if (difference < 0) Lose++;
        else Stay++;
    }
}

/// <summary>Payments of one kind of visit, of one category, or of everybody.</summary>
internal sealed class ReplayGroup
{
    /// <summary>What was paid and what would be.</summary>
    public Comparison Payments { get; private set; }

    /// <summary>Persons by what all funds pay for them within the group.</summary>
    public PersonCounts Persons { get; } = new();

    /// <summary>Adds one person.</summary>
    public void Add(in Comparison person)
    {
        Payments += person;
        Persons.Count(person.FundsDifference);
    }
}

/// <summary>Entries that the changed pack refuses for one reason.</summary>
internal sealed class ReplayRefusals
{
    /// <summary>How many.</summary>
    public long Entries { get; private set; }

    /// <summary>What all funds had paid by them, fen.</summary>
    public long Lost { get; private set; }

    /// <summary>Adds one entry.</summary>
    public void Add(in Comparison payments)
    {
        Entries++;
        Lost += payments.Recorded.Funds;
    }
}

/// <summary>What a replay adds up. It grows with kinds of visit, categories and grounds of refusal, never with the ledger.</summary>
internal sealed class ReplayReport
{
    /// <summary>The word for grants among the visit types.</summary>
    public const string Grant = "GRANT";

    /// <summary>The word for a person without a category on the day of care.</summary>
    public const string NoCategory = "NONE";

    private static readonly Payer[] Payers = Enum.GetValues<Payer>();

    /// <summary>Persons in the ledger.</summary>
    public long Persons { get; private set; }

    /// <summary>Entries in the ledger.</summary>
    public long Entries { get; private set; }

    /// <summary>Settlements, later assistance and grants decided again that stand.</summary>
    public long Replayed { get; private set; }

    /// <summary>Everybody of whom something was decided again.</summary>
    public ReplayGroup All { get; } = new();

    /// <summary>Persons by whether each payer pays more, less or the same; of the person, paying less is the gain.</summary>
    public SortedDictionary<Payer, PersonCounts> ByPayer { get; } = new(Payers.ToDictionary(payer => payer, _ => new PersonCounts()));

    /// <summary>By visit type.</summary>
    public SortedDictionary<string, ReplayGroup> ByVisitType { get; } = new(StringComparer.Ordinal);

    /// <summary>By assistance category, or insured category, on the day of care.</summary>
    public SortedDictionary<string, ReplayGroup> ByCategory { get; } = new(StringComparer.Ordinal);

    /// <summary>What the changed pack refuses.</summary>
    public SortedDictionary<(LedgerEntryKind Kind, RefusalCode Code), ReplayRefusals> Refused { get; } = [];

    /// <summary>Counts an entry read.</summary>
    public void CountEntry() => Entries++;

    /// <summary>Adds a person whose entries have all been taken.</summary>
    public void Add(WhatIfPerson person)
    {
        Persons++;
        foreach (ReplayRow row in person.Rows)
        {
            if (row.Refused is not { } code) continue;
            if (!Refused.TryGetValue((row.Kind, code), out ReplayRefusals? refusals)) Refused.Add((row.Kind, code), refusals = new());
            refusals.Add(row.Payments);
        }

        ReplayRow[] paying = [.. person.Rows.Where(row => row.VisitType.Length > 0)];
        if (paying.Length == 0) return;
        Replayed += paying.Length;
        Comparison all = Sum(paying);
        All.Add(all);
        foreach (Payer payer in Payers) ByPayer[payer].Count(payer == Payer.Person ? -all.Difference(payer) : all.Difference(payer));
        Add(ByVisitType, paying.GroupBy(row => row.VisitType));
        Add(ByCategory, paying.GroupBy(row => row.Category));
    }

    private static void Add(SortedDictionary<string, ReplayGroup> groups, IEnumerable<IGrouping<string, ReplayRow>> ofPerson)
    {
        foreach (IGrouping<string, ReplayRow> rows in ofPerson)
        {
            if (!groups.TryGetValue(rows.Key, out ReplayGroup? group)) groups.Add(rows.Key, group = new());
            group.Add(Sum(rows));
        }
    }

    private static Comparison Sum(IEnumerable<ReplayRow> rows) => rows.Aggregate(default(Comparison), (sum, row) => sum + row.Payments);
}
