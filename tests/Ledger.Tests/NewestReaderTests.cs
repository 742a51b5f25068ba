using System.Threading.Channels;
using Settlement.Ledger.Postgres;

namespace Settlement.Ledger.Tests;

/// <summary>Who asks while statements are on their way goes together in the next one, and gets his own answer.</summary>
public sealed class NewestReaderTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Channel<Statement> sent = Channel.CreateUnbounded<Statement>();
    private readonly NewestReader reader;

    public NewestReaderTests()
    {
        reader = new NewestReader(persons =>
        {
            Statement statement = new(persons);
            sent.Writer.TryWrite(statement);
            return statement.Task;
        });
    }

    [Fact]
    public async Task Those_who_ask_meanwhile_go_together_and_each_gets_his_own()
    {
        List<Statement> first = await OccupyAsync();
        Task<LedgerEntry?>[] meanwhile = [.. new[] { "A", "B", "unknown", "A" }.Select(Ask)];
        Assert.Equal(0, sent.Reader.Count);

        first[0].Answer();
        Statement next = await NextAsync();
        Assert.Equal(["A", "B", "unknown", "A"], next.Persons);
        next.Answer("B", "A");

        Assert.Equal(["A", "B", null, "A"], (await Task.WhenAll(meanwhile)).Select(entry => entry?.PersonId));
    }

    [Fact]
    public async Task Nobody_waits_for_ever_behind_more_than_fit_into_a_statement()
    {
        List<Statement> first = await OccupyAsync();
        Task<LedgerEntry?>[] many = [.. Enumerable.Range(0, 300).Select(i => Ask($"P{i}"))];
        first[0].Answer();
        for (int asked = 0; asked < many.Length;)
        {
            Statement next = await NextAsync();
            Assert.InRange(next.Persons.Length, 1, 128);
            asked += next.Persons.Length;
            next.Answer(next.Persons);
        }

        Assert.Equal(Enumerable.Range(0, 300).Select(i => $"P{i}"), (await Task.WhenAll(many)).Select(entry => entry!.PersonId));
    }

    [Fact]
    public async Task A_statement_that_fails_fails_those_in_it_and_nobody_else()
    {
        List<Statement> first = await OccupyAsync();
        Task<LedgerEntry?>[] together = [Ask("A"), Ask("B")];
        first[0].Answer();
        (await NextAsync()).SetException(new LedgerUnavailableException("away"));

        foreach (Task<LedgerEntry?> failed in together) await Assert.ThrowsAsync<LedgerUnavailableException>(() => failed);
        Task<LedgerEntry?> after = Ask("C");
        (await NextAsync()).Answer("C");
        Assert.Equal("C", (await after)!.PersonId);
    }

    [Fact]
    public async Task Who_gives_up_waiting_leaves_the_others_alone()
    {
        List<Statement> first = await OccupyAsync();
        using CancellationTokenSource patience = new();
        Task<LedgerEntry?> impatient = reader.ReadAsync("A", patience.Token);
        Task<LedgerEntry?> patient = Ask("A");
        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        first[0].Answer();
        (await NextAsync()).Answer("A");
        Assert.Equal("A", (await patient)!.PersonId);
    }

    private Task<LedgerEntry?> Ask(string person) => reader.ReadAsync(person, CancellationToken.None).WaitAsync(Patience);

    /// <summary>As many statements on their way as there may be, with one person each.</summary>
    private async Task<List<Statement>> OccupyAsync()
    {
        List<Statement> first = [];
        for (int i = 0; i < NewestReader.MostAtOnce; i++)
        {
            _ = Ask($"first {i}");
            first.Add(await NextAsync());
            Assert.Equal([$"first {i}"], first[i].Persons);
        }

        return first;
    }

    private async Task<Statement> NextAsync() => await sent.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    private sealed class Statement(string[] persons) : TaskCompletionSource<IReadOnlyList<LedgerEntry>>
    {
        public string[] Persons { get; } = persons;

        /// <summary>Ends it with the newest entries of these; of the others there are none.</summary>
        public void Answer(params string[] known) =>
            SetResult([.. known.Distinct().Select(person => new PersonHistory(person).Settle($"{person}-1"))]);
    }
}
