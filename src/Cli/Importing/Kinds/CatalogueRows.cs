using Settlement.Contract;
using Settlement.Terms;
using Clas = Settlement.Contract.FeeLine.Types.Class;

namespace Settlement.Cli.Importing.Kinds;

/// <summary>目录 (1312): what each code is called, and its class.</summary>
internal sealed class CatalogueRows : CatalogueKind
{
    private static readonly ImportColumn Title = new("name", ["目录名称", "名称"], "name");
    private static readonly ImportColumn Level = ImportColumn.National("chrgitm_lv", ["甲乙丙类"], "class");

    public override string Name => "catalogue";

    public override string Purpose => "Record codes of the catalogue: name and class, from a day to a day.";

    public override IReadOnlyList<ImportColumn> Columns { get; } = [Code, Title, Level, From, To, Correction, Withdrawn];

    public override IReadOnlyList<ImportColumn> Required { get; } = [Code, Title, Level, From];

    protected override void SetMatter(CatalogueRow version, ImportRow row) => version.Entry = new CatalogueEntry
    {
        Name = row.Text(Title),
        Class = row.Text(Level) switch
        {
            "01" or "1" or "甲" or "甲类" => Clas.A, // spreadsheets take the zero away
            "02" or "2" or "乙" or "乙类" => Clas.B,
            "03" or "3" or "丙" or "丙类" => Clas.C,
            string other => throw RowRefusedException.Invalid(Level, other, new Term("应为01甲、02乙或03丙", "01 甲, 02 乙 or 03 丙")),
        },
    };
}
