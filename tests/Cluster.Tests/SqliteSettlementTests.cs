using Settlement.Cluster.Tests.Support;
using Settlement.Tests.Support;

namespace Settlement.Cluster.Tests;

/// <summary>The whole way on the embedded ledger.</summary>
public sealed class SqliteSettlementTests() : SettlementTests(TestLedgers.Sqlite());

/// <summary>The whole way on a real PostgreSQL server.</summary>
public sealed class PostgresSettlementTests() : SettlementTests(TestLedgers.Postgres());
