using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Settlement.Cli.Importing.Kinds;
using Settlement.Contract;

namespace Settlement.Cli.Importing;

/// <summary>What an import file holds: its columns, and the request that each row becomes.</summary>
internal abstract class ImportKind
{
    private const string IdPrefix = "import-";
    private const int IdLength = 30;

    /// <summary>All kinds.</summary>
    public static IReadOnlyList<ImportKind> All { get; } = [new PersonRows(), new ContributionRows(), new CategoryRows(), new FilingRows()];

    /// <summary>Its name on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>What the command does, for its help.</summary>
    public abstract string Purpose { get; }

    /// <summary>Every column.</summary>
    public abstract IReadOnlyList<ImportColumn> Columns { get; }

    /// <summary>Columns without which no row can be sent.</summary>
    public abstract IReadOnlyList<ImportColumn> Required { get; }

    /// <summary>
    /// The request of a row. Its id comes from what the row says and from nothing else: a row repeated in this file or in another is the
    /// same request, which the server records once, and a row that says something else is another one.
    /// </summary>
    /// <exception cref="RowRefusedException">The row cannot be sent.</exception>
    public ImportRequest Request(ImportRow row)
    {
        IMessage message = Message(row);
        // Fields are written in the order of their numbers and empty ones are left out: a field added to the contract later changes no id.
        byte[] hash = SHA256.HashData([.. Encoding.UTF8.GetBytes(message.Descriptor.Name), .. message.ToByteArray()]);
        string id = IdPrefix + Convert.ToHexStringLower(hash)[..(IdLength - IdPrefix.Length)];
        switch (message)
        {
            case RegisterRequest register:
                register.RequestId = id;
                return new ImportRequest(id, register.Person, (client, options) => client.RegisterAsync(register, options));
            case RecordRequest record:
                record.RequestId = id;
                return new ImportRequest(id, record.Person, (client, options) => client.RecordAsync(record, options));
            default:
                throw new InvalidOperationException($"a row of {Name} became a {message.Descriptor.Name}");
        }
    }

    /// <summary>The request of a row, still without its id.</summary>
    protected abstract IMessage Message(ImportRow row);

    /// <summary>The column that the server means by a field; the server's own name where there is none.</summary>
    public string ColumnOf(string field)
    {
        string last = field[(field.LastIndexOf('.') + 1)..];
        return Columns.FirstOrDefault(column => column.Fields.Contains(last))?.Name ?? field;
    }
}
