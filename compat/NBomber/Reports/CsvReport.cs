namespace NBomber.Reports;

/// <summary>The figures as comma-separated values (RFC 4180), one line for each scenario, step and outcome.</summary>
internal static class CsvReport
{
    public static string Write(ReportModel model) =>
        string.Concat(model.Rows().Prepend(ReportModel.Columns).Select(row => string.Join(',', row.Select(Quoted)) + "\r\n"));

    private static string Quoted(string value) =>
        value.AsSpan().ContainsAny(",\"\r\n") ? $"\"{value.Replace("\"", "\"\"")}\"" : value;
}
