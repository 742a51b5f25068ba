namespace Settlement.Identity;

/// <summary>What a key may be used for. A key that names none may do all that its role may.</summary>
[Flags]
public enum Scope
{
    /// <summary>Nothing but the empty call and the packs.</summary>
    None = 0,

    /// <summary>Quote, settle, reverse.</summary>
    Settle = 1,

    /// <summary>Settlements, accounts and cover of persons.</summary>
    Read = 2,

    /// <summary>Compare totals and details with the facility's books.</summary>
    Reconcile = 4,

    /// <summary>What only the agency does: register, record, reimburse, assist, grant, correct.</summary>
    Agency = 8,

    /// <summary>The ledger as a stream: the change feed, a facility's of its own settlements.</summary>
    Feed = 16,
}

/// <summary>Which scopes a role may have.</summary>
public static class RoleScopes
{
    /// <summary>All scopes of a role.</summary>
    public static Scope All(Role role) => role == Role.Agency
        ? Scope.Settle | Scope.Read | Scope.Reconcile | Scope.Agency | Scope.Feed
        : Scope.Settle | Scope.Read | Scope.Reconcile | Scope.Feed;

    /// <summary>The names of scopes as files and commands write them: <c>settle, read</c>.</summary>
    public static string Names(Scope scopes) => scopes.ToString().ToLowerInvariant();
}
