using Google.Protobuf;
using Settlement.Contract;
using Settlement.Refusals;
using Settlement.Terms;

namespace Settlement.Cli.Importing.Kinds;

/// <summary>Groups of persons from a day to a day, ends of those recorded before, and insured categories from a day on.</summary>
internal sealed class CategoryRows : ImportKind
{
    private static readonly ImportColumn Group = ImportColumn.National("psn_idet_type", [], "group");
    private static readonly ImportColumn Category = ImportColumn.Category;

    public override string Name => "categories";

    public override string Purpose => "Record memberships of groups (assistance and others), their ends, and insured categories.";

    public override IReadOnlyList<ImportColumn> Columns { get; } =
        [ImportColumn.Person, ImportColumn.Region, Group, Category, ImportColumn.Begin, ImportColumn.End];

    public override IReadOnlyList<ImportColumn> Required { get; } = [ImportColumn.Person, ImportColumn.Region, ImportColumn.Begin];

    protected override IMessage Message(ImportRow row) =>
        new RecordRequest { Person = row.Person(), Region = row.Region(), Facts = { row.Has(Group) ? Membership(row) : Insured(row) } };

    private static Fact Membership(ImportRow row)
    {
        if (row.Has(Category))
            throw RowRefusedException.Invalid(
                Category, row.Text(Category), new Term($"每行只填 {Group} 或 {Category} 之一", $"nothing in a row that has {Group.Name}"));
        Membership.Types.Group group = row.Value<Membership.Types.Group>(Group, EnrolmentTerms.Groups);
        // An end alone is the end of what was recorded before.
        if (!row.Has(ImportColumn.Begin) && row.Has(ImportColumn.End))
            return new Fact { GroupEnd = new MembershipEnd { Group = group, To = row.Day(ImportColumn.End) } };
        Membership membership = new()
        {
            Group = group,
            From = row.Day(ImportColumn.Begin),
            To = row.DayOrNone(ImportColumn.End),
        };
        if (membership.To.Length > 0 && string.CompareOrdinal(membership.To, membership.From) < 0)
            throw RowRefusedException.Invalid(
                ImportColumn.End, membership.To, new Term("不得早于开始日期", $"a day not before {ImportColumn.Begin.Name} ({membership.From})"));
        return new Fact { Group = membership };
    }

    private static Fact Insured(ImportRow row)
    {
        if (!row.Has(Category))
        {
            Term neither = new($"{Group} 与 {Category} 均为空。", $"neither {Group.Name} nor {Category.Name} is given.");
            throw new RowRefusedException(new RowFault(RefusalCodes.InvalidField, Group.Name, neither));
        }

        Term endless = new("人员类别没有结束日期，以下一类别的开始为止", "nothing: an insured category holds until the next one begins");
        if (row.Has(ImportColumn.End)) throw RowRefusedException.Invalid(ImportColumn.End, row.Text(ImportColumn.End), endless);
        return PersonRows.Insured(row);
    }
}
