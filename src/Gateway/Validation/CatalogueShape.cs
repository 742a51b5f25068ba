using Settlement.Contract;
using Matter = Settlement.Contract.CatalogueRow.MatterOneofCase;

namespace Settlement.Gateway.Validation;

/// <summary>The shape of a row of the catalogue.</summary>
internal static class CatalogueShape
{
    /// <summary>Longest 医保目录编码.</summary>
    public const int MaxCode = 50;

    private const int MaxText = 200;
    private const int WholeBp = 10_000;
    private const long MostFen = 100_000_000_000;

    public static void Validate(CatalogueRow? row)
    {
        Check.Present("row", row);
        Code("row.code", row.Code);
        DateOnly from = Check.Date("row.from", row.From);
        if (row.To.Length > 0 && Check.Date("row.to", row.To) < from)
            throw Check.Invalid("row.to", row.To, $"a day not before {row.From}", "不能早于开始日期");
        if (row.Correction.Length > 0) Check.Text("row.correction", row.Correction, MaxText);
        else if (row.Withdrawn) throw Check.Missing("row.correction");
        switch (row.MatterCase)
        {
            case Matter.Entry:
                Check.Text("row.entry.name", row.Entry.Name, MaxText);
                Check.Known("row.entry.class", row.Entry.Class);
                break;
            case Matter.Share:
                Region("row.share.region", row.Share.Region);
                Check.Between("row.share.selfPayBp", row.Share.SelfPayBp, 0, WholeBp);
                break;
            case Matter.Limit:
                Region("row.limit.region", row.Limit.Region);
                Check.Between("row.limit.limit", row.Limit.Limit, 0, MostFen);
                break;
            default:
                throw Check.Missing("row.entry, row.share or row.limit");
        }
    }

    /// <summary>A code: printable ASCII characters without blanks.</summary>
    public static void Code(string field, string code)
    {
        Check.Text(field, code, MaxCode);
        if (code.AsSpan().ContainsAnyExceptInRange('!', '~'))
            throw Check.Invalid(field, code, "printable ASCII characters without blanks", "只能使用可打印的ASCII字符，不含空格");
    }

    // Funds are pooled by prefecture: what was recorded for a county would never be found.
    private static void Region(string field, string region)
    {
        Check.Division(field, region);
        if (!region.EndsWith("00", StringComparison.Ordinal) || region.StartsWith("00", StringComparison.Ordinal))
            throw Check.Invalid(field, region, "the division code of a pooling region or of a province", "应为统筹区或省级区划代码");
    }
}
