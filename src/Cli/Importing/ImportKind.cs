using Google.Protobuf;
using Settlement.Cli.Importing.Kinds;

namespace Settlement.Cli.Importing;

/// <summary>What an import file holds: its columns, and the request that each row becomes.</summary>
internal abstract class ImportKind
{
    /// <summary>All kinds.</summary>
    public static IReadOnlyList<ImportKind> All { get; } = [
        new PersonRows(), new ContributionRows(), new CategoryRows(), new FilingRows(), new CatalogueRows(), new CatalogueShareRows(),
        new CatalogueLimitRows()];

    /// <summary>Its name on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>What the command does, for its help.</summary>
    public abstract string Purpose { get; }

    /// <summary>Every column.</summary>
    public abstract IReadOnlyList<ImportColumn> Columns { get; }

    /// <summary>Columns without which no row can be sent.</summary>
    public abstract IReadOnlyList<ImportColumn> Required { get; }

    /// <summary>The request of a row.</summary>
    /// <exception cref="RowRefusedException">The row cannot be sent.</exception>
    public ImportRequest Request(ImportRow row) => new(Message(row));

    /// <summary>The request of a row, still without its id.</summary>
    protected abstract IMessage Message(ImportRow row);

    /// <summary>The column that the server means by a field; the server's own name where there is none.</summary>
    public string ColumnOf(string field)
    {
        string last = field[(field.LastIndexOf('.') + 1)..];
        return Columns.FirstOrDefault(column => column.Fields.Contains(last))?.Name ?? field;
    }
}
