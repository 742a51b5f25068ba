using Google.Protobuf;
using Settlement.Contract;

namespace Settlement.Cli.Importing.Kinds;

/// <summary>Resident premiums paid.</summary>
internal sealed class ContributionRows : ImportKind
{
    private static readonly ImportColumn Year = new("year", ["缴费年度", "年度"], "year");
    private static readonly ImportColumn PaidOn = new("paid_on", ["缴费日期", "到账日期"], "paidOn");

    public override string Name => "contributions";

    public override string Purpose => "Record resident premiums paid: the year, and the day of payment.";

    public override IReadOnlyList<ImportColumn> Columns { get; } = [ImportColumn.Person, ImportColumn.Region, Year, PaidOn];

    public override IReadOnlyList<ImportColumn> Required => Columns;

    protected override IMessage Message(ImportRow row) => new RecordRequest
    {
        Person = row.Person(),
        Region = row.Region(),
        Facts = { new Fact { Contribution = new Contribution { Year = row.Year(Year), PaidOn = row.Day(PaidOn) } } },
    };
}
