using Google.Protobuf;
using Settlement.Contract;
using Settlement.Terms;

namespace Settlement.Cli.Importing.Kinds;

/// <summary>What the three files of the catalogue have in common: a code, its days, and the word of a correction.</summary>
internal abstract class CatalogueKind : ImportKind
{
    /// <summary>医保目录编码.</summary>
    protected static readonly ImportColumn Code = ImportColumn.National("med_list_codg", ["目录编码"], "code");

    /// <summary>开始日期.</summary>
    protected static readonly ImportColumn From = ImportColumn.National("begndate", ["生效日期"], "from");

    /// <summary>结束日期.</summary>
    protected static readonly ImportColumn To = ImportColumn.National("enddate", ["失效日期"], "to");

    /// <summary>Why the row takes the place of one that was recorded.</summary>
    protected static readonly ImportColumn Correction = new("correction", ["更正说明"], "correction");

    /// <summary>Whether nothing takes that place.</summary>
    protected static readonly ImportColumn Withdrawn = new("withdrawn", ["作废标志"], "withdrawn");

    /// <summary>Puts what the row says into the version.</summary>
    protected abstract void SetMatter(CatalogueRow version, ImportRow row);

    protected override IMessage Message(ImportRow row)
    {
        CatalogueRow version = new()
        {
            Code = row.Text(Code),
            From = row.Day(From),
            To = row.DayOrNone(To),
            Correction = row.Optional(Correction),
            Withdrawn = IsWithdrawn(row),
        };
        if (version.To.Length > 0 && string.CompareOrdinal(version.To, version.From) < 0)
            throw RowRefusedException.Invalid(To, version.To, new Term("不得早于开始日期", $"a day not before {From.Name} ({version.From})"));
        SetMatter(version, row);
        return new RecordCatalogueRowRequest { Row = version };
    }

    private static bool IsWithdrawn(ImportRow row)
    {
        if (row.Optional(Withdrawn) is "" or "0") return false;
        if (row.Text(Withdrawn) != "1") throw RowRefusedException.Invalid(Withdrawn, row.Text(Withdrawn), new Term("应为0或1", "0 or 1"));
        return row.Has(Correction) ? true : throw RowRefusedException.Missing(Correction);
    }
}
