using Settlement.Cli.Importing;
using Settlement.Terms;

namespace Settlement.House.Tests;

/// <summary>What a clerk may write into an import file is in the docs.</summary>
public sealed class ImportDocsTests
{
    [Fact]
    public void Every_column_and_value_is_in_the_table()
    {
        string docs = House.Read("docs/data.md");
        IEnumerable<string> columns = ImportKind.All.SelectMany(kind => kind.Columns)
            .SelectMany(column => (string[])[$"`{column.Name}`", column.Titles[0]]);
        IEnumerable<string> values = new[] { EnrolmentTerms.Categories, EnrolmentTerms.Groups, EnrolmentTerms.FilingBases }
            .SelectMany(words => words.Keys.Select(name => $"{name} {words.Of(name, "zh")}"));
        Assert.Empty(columns.Concat(values).Where(text => !docs.Contains(text)));
    }
}
