using System.Buffers.Binary;
using System.Text;
using Npgsql;
using Settlement.Ledger.Postgres;

namespace Settlement.Ledger.Tests;

/// <summary>What the writer says to PostgreSQL and hears from it beside Npgsql, as the manual's "Message Formats" has it.</summary>
public sealed class PostgresProtocolTests
{
    private const string ErrorFields = "SFEHLER\0VERROR\0C23505\0Mkey is taken\0DKey (a)=(1)\0tentry\0nentry_key\0\0";

    [Fact]
    public void A_statement_is_prepared_under_its_name()
    {
        FrontendMessages messages = new();
        messages.Parse("s", "SELECT 1");
        messages.Sync();
        Assert.Equal("P\0\0\0\u0011s\0SELECT 1\0\0\0" + "S\0\0\0\u0004", Text(messages));
    }

    [Fact]
    public void A_statement_is_run_with_arrays_of_its_entries()
    {
        LedgerEntry entry = new PersonHistory("P1").Settle("r1");
        FrontendMessages messages = new();
        messages.Execute(
            "s",
            [entry, entry],
            (23, static (m, e) => m.Value(e.Sequence)),
            (25, static (m, e) => m.Value(e.PersonId)),
            (21, static (m, _) => m.Null()));

        const string Head = "\0\0\0\u0001\0\0\0\u0001";
        const string Size = "\0\0\0\u0002\0\0\0\u0001";
        string integers = Head + "\0\0\0\u0017" + Size + "\0\0\0\u0004\0\0\0\u0001\0\0\0\u0004\0\0\0\u0001";
        string texts = Head + "\0\0\0\u0019" + Size + "\0\0\0\u0002P1\0\0\0\u0002P1";
        string nulls = Head + "\0\0\0\u0015" + Size + "\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff";
        string content = "\0s\0" + "\0\u0001\0\u0001" + "\0\u0003" + Sized(integers) + Sized(texts) + Sized(nulls) + "\0\0";
        Assert.Equal($"B{Length(content)}{content}E\0\0\0\u0009\0\0\0\0\0", Text(messages));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_statement_is_run_with_the_values_of_a_row_and_a_truth_value_behind_them(bool last)
    {
        const string Row = "\0\0\0\u0001a" + "\u00ff\u00ff\u00ff\u00ff";
        FrontendMessages messages = new();
        messages.Execute("s", Encoding.Latin1.GetBytes(Row), 2, last);

        string content = "\0s\0" + "\0\u0001\0\u0001" + "\0\u0003" + Row + "\0\0\0\u0001" + (last ? '\u0001' : '\0') + "\0\0";
        Assert.Equal($"B{Length(content)}{content}E\0\0\0\u0009\0\0\0\0\0", Text(messages));
    }

    [Fact]
    public void The_values_of_an_only_row_are_what_COPY_has_between_its_header_and_its_end()
    {
        PostgresEntryRows rows = new();
        rows.Begin();
        rows.Add(new PersonHistory("P1").Settle("r1"), place: 1);
        byte[] values = rows.OnlyRow.ToArray();
        rows.End();

        // Signature, flags, length of the header's extension, count of columns; and a count of -1.
        Assert.Equal(values, rows.Written[21..^2].ToArray());
        Assert.Equal(PostgresEntryRows.Types.Count, BinaryPrimitives.ReadInt16BigEndian(rows.Written[19..]));
        Assert.Equal(PostgresEntryRows.Columns.Split(',').Length, PostgresEntryRows.Types.Count);
        Assert.Equal([0, 0, 0, 4, 0, 0, 0, 1], values[..8]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(300_000)]
    [InlineData(600_000)] // grows the buffer to just this length, so that the next message finds it full
    public void Rows_go_in_pieces_of_any_length(int length)
    {
        byte[] rows = new byte[length];
        FrontendMessages messages = new();
        messages.CopyData(rows);
        messages.CopyDone();
        ReadOnlySpan<byte> written = messages.Written.Span;
        Assert.Equal((byte)'d', written[0]);
        Assert.Equal(4 + rows.Length, BinaryPrimitives.ReadInt32BigEndian(written[1..]));
        Assert.Equal("c\0\0\0\u0004", Encoding.Latin1.GetString(written[(5 + rows.Length)..]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public async Task Answers_are_read_up_to_the_next_readiness_however_they_come(int piece)
    {
        string complete = Message('G', "\u0001\0\0") + Message('N', new string('n', 40_000)) + Message('C', "COPY 5\0") + Message('Z', "I");
        string refused = Message('2', "") + Message('E', ErrorFields) + Message('E', "SERROR\0C25P02\0Mlater\0\0") + Message('Z', "I");
        BackendAnswers answers = new(new Pieces(Encoding.Latin1.GetBytes(complete + refused + complete), piece));

        Assert.Null(await answers.ReadAsync(CancellationToken.None));
        PostgresException error = (await answers.ReadAsync(CancellationToken.None))!;
        Assert.Equal(
            ("23505", "key is taken", "Key (a)=(1)", "entry_key"),
            (error.SqlState, error.MessageText, error.Detail, error.ConstraintName));
        Assert.Null(await answers.ReadAsync(CancellationToken.None));
        Assert.True(answers.IsEmpty);
        await Assert.ThrowsAsync<IOException>(() => answers.ReadAsync(CancellationToken.None));
    }

    [Fact]
    public async Task The_end_of_a_connection_tells_why_the_server_ended_it()
    {
        byte[] sent = Encoding.Latin1.GetBytes(Message('E', "SFATAL\0VFATAL\0C57P01\0Mterminating connection\0\0"));
        IOException ended = await Assert.ThrowsAsync<IOException>(
            () => new BackendAnswers(new Pieces(sent, 5)).ReadAsync(CancellationToken.None));
        Assert.Equal("The server ended the connection: terminating connection.", ended.Message);
    }

    [Fact]
    public async Task The_stream_under_a_connection_of_Npgsql_is_found_and_Npgsql_goes_on_beside_it()
    {
        await using PostgresPlace place = await PostgresPlace.CreateAsync();
        await using NpgsqlConnection connection = new(place.Options.ConnectionString);
        Assert.Throws<InvalidOperationException>(() => ConnectionStream.Of(connection));
        await connection.OpenAsync();

        Stream stream = ConnectionStream.Of(connection);
        BackendAnswers answers = new(stream);
        FrontendMessages messages = new();
        messages.Parse("half", "SELECT 1 / 2");
        messages.Execute("half");
        messages.Sync();
        messages.Execute("nothing");
        messages.Sync();
        await stream.WriteAsync(messages.Written);
        Assert.Null(await answers.ReadAsync(CancellationToken.None));
        Assert.Equal(PostgresErrorCodes.InvalidSqlStatementName, (await answers.ReadAsync(CancellationToken.None))!.SqlState);
        Assert.True(answers.IsEmpty);

        await using NpgsqlCommand command = new("SELECT 42", connection);
        Assert.Equal(42, await command.ExecuteScalarAsync());
    }

    private static string Text(FrontendMessages messages) => Encoding.Latin1.GetString(messages.Written.Span);

    private static string Message(char kind, string content) => $"{kind}{Length(content)}{content}";

    private static string Sized(string content) => Int32(content.Length) + content;

    private static string Length(string content) => Int32(4 + content.Length);

    private static string Int32(int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return Encoding.Latin1.GetString(bytes);
    }

    /// <summary>Gives bytes in pieces, then the end.</summary>
    private sealed class Pieces(byte[] content, int piece) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(piece, buffer.Length)], cancellationToken);
    }
}
