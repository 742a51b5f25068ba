using Google.Protobuf;
using Settlement.Contract;
using Settlement.Terms;

namespace Settlement.Cli.Importing.Kinds;

/// <summary>Out-of-area filings and their ends. A row may hold a filing, its end alone, or both.</summary>
internal sealed class FilingRows : ImportKind
{
    private static readonly ImportColumn Filing = new("filing", ["备案编号", "备案号"], "id", "filing");
    private static readonly ImportColumn Place = new("place", ["备案地区划", "备案地"], "place");
    private static readonly ImportColumn Basis = new("basis", ["备案依据"], "basis");
    private static readonly ImportColumn FiledOn = new("filed_on", ["备案日期"], "filedOn");
    private static readonly ImportColumn IssuedOn = new("issued_on", ["证件签发日期", "签发日期"], "issuedOn");
    private static readonly ImportColumn ExpiresOn = new("expires_on", ["证件有效期至", "有效期至"], "expiresOn");
    private static readonly ImportColumn EndedOn = new("ended_on", ["备案终止日期", "终止日期"], "date");
    private static readonly ImportColumn[] OfFiling = [Place, Basis, FiledOn, IssuedOn, ExpiresOn];

    public override string Name => "filings";

    public override string Purpose => "Record out-of-area filings and their ends.";

    public override IReadOnlyList<ImportColumn> Columns { get; } = [ImportColumn.Person, ImportColumn.Region, Filing, .. OfFiling, EndedOn];

    public override IReadOnlyList<ImportColumn> Required { get; } = [ImportColumn.Person, ImportColumn.Region, Filing];

    protected override IMessage Message(ImportRow row)
    {
        RecordRequest request = new() { Person = row.Person(), Region = row.Region() };
        string id = row.Id(Filing);
        // An end alone says nothing of the filing but its id; whatever else is filled in makes it a filing, which must then be whole.
        if (OfFiling.Any(row.Has) || !row.Has(EndedOn))
        {
            request.Facts.Add(new Fact
            {
                Filing = new Filing
                {
                    Id = id,
                    Place = row.Division(Place),
                    Basis = row.Value<Filing.Types.Basis>(Basis, EnrolmentTerms.FilingBases),
                    FiledOn = row.Day(FiledOn),
                    IssuedOn = row.DayOrNone(IssuedOn),
                    ExpiresOn = row.DayOrNone(ExpiresOn),
                },
            });
        }

        if (row.Has(EndedOn)) request.Facts.Add(new Fact { FilingEnd = new FilingEnd { Filing = id, Date = row.Day(EndedOn) } });
        return request;
    }
}
