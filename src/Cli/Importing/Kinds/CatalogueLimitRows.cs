using Settlement.Contract;

namespace Settlement.Cli.Importing.Kinds;

/// <summary>限价 (1318): price limits for persons of a region.</summary>
internal sealed class CatalogueLimitRows : CatalogueKind
{
    private const int Decimals = 2;
    private const decimal MostYuan = 1_000_000_000m;
    private static readonly ImportColumn Limit = ImportColumn.National("pric_uplmt_amt", ["限价", "医保支付上限"], "limit");

    public override string Name => "catalogue-limits";

    public override string Purpose => "Record price limits of codes for persons of a region (yuan a unit), from a day to a day.";

    public override IReadOnlyList<ImportColumn> Columns { get; } = [Code, ImportColumn.Region, Limit, From, To, Correction, Withdrawn];

    public override IReadOnlyList<ImportColumn> Required { get; } = [Code, ImportColumn.Region, Limit, From];

    protected override void SetMatter(CatalogueRow version, ImportRow row) => version.Limit = new CatalogueLimit
    {
        Region = row.Region(),
        Limit = (long)(row.Number(Limit, Decimals, MostYuan) * 100m),
    };
}
