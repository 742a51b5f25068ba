using Settlement.Contract;

namespace Settlement.Cli.Importing.Kinds;

/// <summary>先自付比例 (1319): the share of class-B items that persons of a region pay first.</summary>
internal sealed class CatalogueShareRows : CatalogueKind
{
    private const int Decimals = 4;
    private const int WholeBp = 10_000;
    private static readonly ImportColumn Share = ImportColumn.National("selfpay_prop", ["先自付比例"], "selfPayBp");

    public override string Name => "catalogue-shares";

    public override string Purpose => "Record the share of class-B codes that persons of a region pay first, from a day to a day.";

    public override IReadOnlyList<ImportColumn> Columns { get; } = [Code, ImportColumn.Region, Share, From, To, Correction, Withdrawn];

    public override IReadOnlyList<ImportColumn> Required { get; } = [Code, ImportColumn.Region, Share, From];

    protected override void SetMatter(CatalogueRow version, ImportRow row) => version.Share = new CatalogueShare
    {
        Region = row.Region(),
        SelfPayBp = (int)(row.Number(Share, Decimals, most: 1m) * WholeBp),
    };
}
