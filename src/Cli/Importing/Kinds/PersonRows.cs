using Google.Protobuf;
using Settlement.Cli.Cases;
using Settlement.Contract;
using Settlement.Persons;
using Settlement.Terms;

namespace Settlement.Cli.Importing.Kinds;

/// <summary>Persons to register, with their first insured category where the file has it.</summary>
internal sealed class PersonRows : ImportKind
{
    private static readonly ImportColumn BirthDate = ImportColumn.National("brdy", [], "birthDate");

    public override string Name => "persons";

    public override string Purpose => "Register persons, each with a first insured category if the row has one.";

    public override IReadOnlyList<ImportColumn> Columns { get; } =
        [ImportColumn.Person, BirthDate, ImportColumn.Region, ImportColumn.Category, ImportColumn.Begin];

    public override IReadOnlyList<ImportColumn> Required { get; } = [ImportColumn.Person, BirthDate, ImportColumn.Region];

    protected override IMessage Message(ImportRow row)
    {
        RegisterRequest request = new() { Person = row.Person(), BirthDate = row.Day(BirthDate, isPersonal: true), Region = row.Region() };
        Term rule = new("与公民身份号码中的出生日期不一致", "the birth date inside the citizen identity number");
        if (PersonId.BirthDate(request.Person) is { } inside && WireClaim.Day(inside) != request.BirthDate)
            throw RowRefusedException.Invalid(BirthDate, "****", rule);
        if (row.Has(ImportColumn.Category) || row.Has(ImportColumn.Begin)) request.Facts.Add(Insured(row));
        return request;
    }

    /// <summary>The insured category of a row from its begin on.</summary>
    public static Fact Insured(ImportRow row) => new()
    {
        Insured = new Insured
        {
            Category = row.Value<Insured.Types.Category>(ImportColumn.Category, EnrolmentTerms.Categories),
            From = row.Day(ImportColumn.Begin),
        },
    };
}
