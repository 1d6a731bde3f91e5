"""first tables"""

import sqlalchemy as sa
from alembic import op

import extensions

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("lead_time_days", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_account_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
    )
    op.create_table(
        "application",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("client_id", sa.String(length=255), nullable=False),
        sa.Column("client_secret_encrypted", sa.Text(), nullable=False),
        sa.Column("application_id", sa.String(length=255), nullable=False),
        sa.Column("secret_expires_on", sa.Date(), nullable=True),
        sa.Column("created_at", extensions.UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
        sa.UniqueConstraint("name", name=op.f("uq_application_name")),
    )
    op.create_table(
        "leader",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("seen_at", extensions.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_leader_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leader")),
    )
    op.create_table(
        "login_throttle",
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", extensions.UtcDateTime(timezone=True), nullable=False),
        sa.Column("blocked_until", extensions.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_login_throttle")),
    )
    op.create_table(
        "user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column(
            "role",
            sa.Enum("owner", "planner", "viewer", name="role", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("password_hash", sa.String(length=255), nullable=True),
        sa.Column("nonce", sa.String(length=32), nullable=False),
        sa.Column("theme", sa.String(length=8), nullable=False),
        sa.Column("created_at", extensions.UtcDateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", extensions.UtcDateTime(timezone=True), nullable=True),
        sa.Column("signed_in_at", extensions.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
        sa.UniqueConstraint("email", name=op.f("uq_user_email")),
    )
    op.create_table(
        "variant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sku", sa.String(length=255), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("created_at", extensions.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_variant")),
    )
    with op.batch_alter_table("variant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_variant_sku"), ["sku"], unique=False)

    op.create_table(
        "connection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("region", sa.String(length=2), nullable=False),
        sa.Column("seller_id", sa.String(length=32), nullable=False),
        sa.Column("primary_marketplace_id", sa.String(length=20), nullable=False),
        sa.Column("is_sandbox", sa.Boolean(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=True),
        sa.Column("refresh_token_encrypted", sa.Text(), nullable=False),
        sa.Column("authorised_by", sa.String(length=16), nullable=False),
        sa.Column("authorised_until", sa.Date(), nullable=True),
        sa.Column("created_at", extensions.UtcDateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", extensions.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "health",
            sa.Enum(
                "new",
                "testing",
                "healthy",
                "failing",
                name="connectionhealth",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("trouble", sa.String(length=500), nullable=False),
        sa.Column("trouble_reason", sa.String(length=32), nullable=False),
        sa.Column("trouble_since", extensions.UtcDateTime(timezone=True), nullable=True),
        sa.Column("tested_at", extensions.UtcDateTime(timezone=True), nullable=True),
        sa.Column("missing_roles", sa.String(length=500), nullable=False),
        sa.Column(
            "order_type",
            sa.Enum("auto", "purchase", "transfer", name="ordertype", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column("default_source_id", sa.Integer(), nullable=True),
        sa.Column("pickup_delay_days", sa.Integer(), nullable=True),
        sa.Column("sync_fees", sa.Boolean(), nullable=True),
        sa.Column("import_early", sa.Boolean(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("pickup_delay_days >= 0", name=op.f("ck_connection_pickup_delay")),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_connection_application_id_application"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connection")),
        sa.UniqueConstraint("name", name=op.f("uq_connection_name")),
        sa.UniqueConstraint("seller_id", "region", name=op.f("uq_connection_seller_id_region")),
    )
    with op.batch_alter_table("connection", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_connection_application_id"), ["application_id"], unique=False
        )

    op.create_table(
        "one_time_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", extensions.UtcDateTime(timezone=True), nullable=False),
        sa.Column("used_at", extensions.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_one_time_link_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_link_token_hash")),
    )
    with op.batch_alter_table("one_time_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_one_time_link_user_id"), ["user_id"], unique=False)

    op.create_table(
        "submission",
        sa.Column("value", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", extensions.UtcDateTime(timezone=True), nullable=False),
        sa.Column("location", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_submission_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("value", name=op.f("pk_submission")),
    )
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_submission_user_id"), ["user_id"], unique=False)

    op.create_table(
        "connection_lease",
        sa.Column("connection_id", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("expires_at", extensions.UtcDateTime(timezone=True), nullable=False),
        sa.Column("buckets", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["connection.id"],
            name=op.f("fk_connection_lease_connection_id_connection"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("connection_id", name=op.f("pk_connection_lease")),
    )
    op.create_table(
        "inbound_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("connection_id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.String(length=38), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("marketplace_id", sa.String(length=20), nullable=False),
        sa.Column("created_at", extensions.UtcDateTime(timezone=True), nullable=True),
        sa.Column("updated_at", extensions.UtcDateTime(timezone=True), nullable=True),
        sa.Column("walked_at", extensions.UtcDateTime(timezone=True), nullable=True),
        sa.Column("is_unreadable", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["connection.id"],
            name=op.f("fk_inbound_plan_connection_id_connection"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound_plan")),
        sa.UniqueConstraint(
            "connection_id", "plan_id", name=op.f("uq_inbound_plan_connection_id_plan_id")
        ),
    )
    op.create_table(
        "listing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("connection_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=3), nullable=False),
        sa.Column("seller_sku", sa.String(length=255), nullable=False),
        sa.Column("asin", sa.String(length=20), nullable=False),
        sa.Column("fnsku", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("created_at", extensions.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["connection.id"],
            name=op.f("fk_listing_connection_id_connection"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing")),
        sa.UniqueConstraint(
            "connection_id",
            "channel",
            "seller_sku",
            name=op.f("uq_listing_connection_id_channel_seller_sku"),
        ),
    )
    with op.batch_alter_table("listing", schema=None) as batch_op:
        batch_op.create_index("ix_listing_asin", ["asin"], unique=False)
        batch_op.create_index("ix_listing_fnsku", ["fnsku"], unique=False)
        batch_op.create_index("ix_listing_seller_sku_id", ["seller_sku", "id"], unique=False)
        batch_op.create_index("ix_listing_title_id", ["title", "id"], unique=False)

    op.create_table(
        "connection_draft",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("token_encrypted", sa.Text(), nullable=False),
        sa.Column("created_at", extensions.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user.id"],
            name=op.f("fk_connection_draft_user_id_user"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_connection_draft")),
    )
    with op.batch_alter_table("connection_draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_connection_draft_user_id"), ["user_id"], unique=False)

    op.create_table(
        "o_auth_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("connection_id", sa.Integer(), nullable=True),
        sa.Column("application_id", sa.Integer(), nullable=True),
        sa.Column("marketplace_id", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("created_at", extensions.UtcDateTime(timezone=True), nullable=False),
        sa.Column("used_at", extensions.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_o_auth_request_application_id_application"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["connection.id"],
            name=op.f("fk_o_auth_request_connection_id_connection"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user.id"],
            name=op.f("fk_o_auth_request_user_id_user"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_o_auth_request")),
        sa.UniqueConstraint("state_hash", name=op.f("uq_o_auth_request_state_hash")),
    )
    with op.batch_alter_table("o_auth_request", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_o_auth_request_connection_id"), ["connection_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_o_auth_request_user_id"), ["user_id"], unique=False)

    op.create_table(
        "participation",
        sa.Column("connection_id", sa.Integer(), nullable=False),
        sa.Column("marketplace_id", sa.String(length=20), nullable=False),
        sa.Column("participating", sa.Boolean(), nullable=False),
        sa.Column("suspended", sa.Boolean(), nullable=False),
        sa.Column("store_name", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["connection.id"],
            name=op.f("fk_participation_connection_id_connection"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("connection_id", "marketplace_id", name=op.f("pk_participation")),
    )
    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("connection_id", sa.Integer(), nullable=False),
        sa.Column("report_type", sa.String(length=100), nullable=False),
        sa.Column("marketplace_ids", sa.String(length=500), nullable=False),
        sa.Column("amazon_report_id", sa.String(length=100), nullable=False),
        sa.Column("document_id", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_at", extensions.UtcDateTime(timezone=True), nullable=False),
        sa.Column("finished_at", extensions.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["connection.id"],
            name=op.f("fk_report_connection_id_connection"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
    )
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.create_index(
            "ix_report_connection_id_report_type",
            ["connection_id", "report_type", "id"],
            unique=False,
        )

    op.create_table(
        "sync_mark",
        sa.Column("connection_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "participations",
                "shipments",
                "plans",
                "stock",
                "listings",
                name="synckind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("scope", sa.String(length=64), nullable=False),
        sa.Column("read_at", extensions.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["connection.id"],
            name=op.f("fk_sync_mark_connection_id_connection"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("connection_id", "kind", "scope", name=op.f("pk_sync_mark")),
    )
    op.create_table(
        "sync_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("connection_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "participations",
                "shipments",
                "plans",
                "stock",
                "listings",
                name="synckind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("scope", sa.String(length=64), nullable=False),
        sa.Column("cause", sa.String(length=16), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "running",
                "succeeded",
                "failed",
                name="syncstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("queued_at", extensions.UtcDateTime(timezone=True), nullable=False),
        sa.Column("not_before", extensions.UtcDateTime(timezone=True), nullable=False),
        sa.Column("started_at", extensions.UtcDateTime(timezone=True), nullable=True),
        sa.Column("finished_at", extensions.UtcDateTime(timezone=True), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("heartbeat_at", extensions.UtcDateTime(timezone=True), nullable=True),
        sa.Column("stage", sa.String(length=100), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=True),
        sa.Column("created", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("calls_by_operation", sa.JSON(), nullable=False),
        sa.Column("throttled", sa.Integer(), nullable=False),
        sa.Column("waited_s", sa.Double(), nullable=False),
        sa.Column("message", sa.String(length=500), nullable=False),
        sa.Column("cursor", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["connection.id"],
            name=op.f("fk_sync_run_connection_id_connection"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_sync_run_user_id_user"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_run")),
    )
    with op.batch_alter_table("sync_run", schema=None) as batch_op:
        batch_op.create_index(
            "ix_sync_run_connection_id_kind_id", ["connection_id", "kind", "id"], unique=False
        )
        batch_op.create_index(
            "ix_sync_run_state_not_before", ["state", "not_before", "id"], unique=False
        )
        batch_op.create_index(
            "uq_sync_run_under_way",
            ["connection_id", "kind", "scope"],
            unique=True,
            sqlite_where=sa.text("state IN ('queued', 'running')"),
            postgresql_where=sa.text("state IN ('queued', 'running')"),
        )

    op.create_table(
        "warehouse",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "fba", "fbm", "own", "combined", name="warehousekind", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("connection_id", sa.Integer(), nullable=True),
        sa.Column("marketplace_id", sa.String(length=20), nullable=True),
        sa.Column("name", sa.String(length=150), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("taking_part", sa.Boolean(), nullable=False),
        sa.Column("disabled_at", extensions.UtcDateTime(timezone=True), nullable=True),
        sa.Column("contact", sa.String(length=50), nullable=False),
        sa.Column("line1", sa.String(length=180), nullable=False),
        sa.Column("line2", sa.String(length=60), nullable=False),
        sa.Column("city", sa.String(length=30), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("postal_code", sa.String(length=32), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column(
            "order_type",
            sa.Enum("auto", "purchase", "transfer", name="ordertype", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column("default_source_id", sa.Integer(), nullable=True),
        sa.Column("pickup_delay_days", sa.Integer(), nullable=True),
        sa.Column("lead_time_days", sa.Integer(), nullable=True),
        sa.Column("days_of_stock", sa.Integer(), nullable=True),
        sa.Column("sync_inbound", sa.Boolean(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(kind IN ('fba', 'fbm')) = (connection_id IS NOT NULL)",
            name=op.f("ck_warehouse_kind_connection"),
        ),
        sa.CheckConstraint("days_of_stock >= 0", name=op.f("ck_warehouse_days_of_stock")),
        sa.CheckConstraint("lead_time_days >= 0", name=op.f("ck_warehouse_lead_time")),
        sa.CheckConstraint("pickup_delay_days >= 0", name=op.f("ck_warehouse_pickup_delay")),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["connection.id"],
            name=op.f("fk_warehouse_connection_id_connection"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["default_source_id"],
            ["warehouse.id"],
            name=op.f("fk_warehouse_default_source_id_warehouse"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_warehouse")),
        sa.UniqueConstraint(
            "connection_id",
            "marketplace_id",
            name=op.f("uq_warehouse_connection_id_marketplace_id"),
        ),
        sa.UniqueConstraint("name", name=op.f("uq_warehouse_name")),
    )
    with op.batch_alter_table("warehouse", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_warehouse_connection_id"), ["connection_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_warehouse_default_source_id"), ["default_source_id"], unique=False
        )
        batch_op.create_index(
            "uq_warehouse_fbm",
            ["connection_id"],
            unique=True,
            sqlite_where=sa.text("kind = 'fbm'"),
            postgresql_where=sa.text("kind = 'fbm'"),
        )

    op.create_table(
        "change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", extensions.UtcDateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("cause", sa.String(length=16), nullable=False),
        sa.Column("subject_kind", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("subject_name", sa.String(length=255), nullable=False),
        sa.Column("summary", sa.String(length=500), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("undoes_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id"], ["sync_run.id"], name=op.f("fk_change_run_id_sync_run"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["undoes_id"],
            ["change.id"],
            name=op.f("fk_change_undoes_id_change"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_change_user_id_user"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
    )
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_change_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_change_run_id"), ["run_id"], unique=False)
        batch_op.create_index(
            "ix_change_subject_kind_subject_id_id",
            ["subject_kind", "subject_id", "id"],
            unique=False,
        )

    op.create_table(
        "listing_offer",
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("marketplace_id", sa.String(length=20), nullable=False),
        sa.Column("asin", sa.String(length=20), nullable=False),
        sa.Column("fnsku", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("status", sa.String(length=100), nullable=False),
        sa.Column("created_at", extensions.UtcDateTime(timezone=True), nullable=True),
        sa.Column("updated_at", extensions.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["listing_id"],
            ["listing.id"],
            name=op.f("fk_listing_offer_listing_id_listing"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("listing_id", "marketplace_id", name=op.f("pk_listing_offer")),
    )
    op.create_table(
        "shipment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("connection_id", sa.Integer(), nullable=False),
        sa.Column("amazon_shipment_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("amazon_status", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("flags", sa.String(length=200), nullable=False),
        sa.Column("destination_fc", sa.String(length=16), nullable=False),
        sa.Column("ship_from", sa.JSON(), nullable=False),
        sa.Column("label_prep_type", sa.String(length=32), nullable=False),
        sa.Column("are_cases_required", sa.Boolean(), nullable=True),
        sa.Column("box_contents_source", sa.String(length=32), nullable=False),
        sa.Column("marketplace_id", sa.String(length=20), nullable=False),
        sa.Column("marketplace_source", sa.String(length=16), nullable=False),
        sa.Column("warehouse_id", sa.Integer(), nullable=True),
        sa.Column("first_seen_on", sa.Date(), nullable=False),
        sa.Column("first_seen_source", sa.String(length=16), nullable=False),
        sa.Column("shipped_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("last_activity_at", extensions.UtcDateTime(timezone=True), nullable=True),
        sa.Column("plan_id", sa.String(length=38), nullable=False),
        sa.Column("plan_shipment_id", sa.String(length=38), nullable=False),
        sa.Column("mode", sa.String(length=32), nullable=False),
        sa.Column("solution", sa.String(length=32), nullable=False),
        sa.Column("carrier", sa.String(length=100), nullable=False),
        sa.Column("destination_country", sa.String(length=2), nullable=False),
        sa.Column("ready_to_ship_at", extensions.UtcDateTime(timezone=True), nullable=True),
        sa.Column("pickup_at", extensions.UtcDateTime(timezone=True), nullable=True),
        sa.Column("window_start", extensions.UtcDateTime(timezone=True), nullable=True),
        sa.Column("window_end", extensions.UtcDateTime(timezone=True), nullable=True),
        sa.Column("selected_option_id", sa.String(length=38), nullable=False),
        sa.Column("fee", extensions.Money(), nullable=True),
        sa.Column("fee_currency", sa.String(length=3), nullable=False),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("expected_source", sa.String(length=16), nullable=False),
        sa.Column("units_shipped", sa.Integer(), nullable=False),
        sa.Column("units_received", sa.Integer(), nullable=False),
        sa.Column("units_outstanding", sa.Integer(), nullable=False),
        sa.Column("line_count", sa.Integer(), nullable=False),
        sa.Column("lines_read_at", extensions.UtcDateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["connection.id"],
            name=op.f("fk_shipment_connection_id_connection"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["warehouse_id"],
            ["warehouse.id"],
            name=op.f("fk_shipment_warehouse_id_warehouse"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipment")),
        sa.UniqueConstraint(
            "connection_id",
            "amazon_shipment_id",
            name=op.f("uq_shipment_connection_id_amazon_shipment_id"),
        ),
    )
    with op.batch_alter_table("shipment", schema=None) as batch_op:
        batch_op.create_index(
            "ix_shipment_amazon_shipment_id", ["amazon_shipment_id"], unique=False
        )
        batch_op.create_index(
            "ix_shipment_connection_id_is_open", ["connection_id", "is_open"], unique=False
        )
        batch_op.create_index("ix_shipment_expected_on_id", ["expected_on", "id"], unique=False)
        batch_op.create_index(
            "ix_shipment_is_open_expected_on_id", ["is_open", "expected_on", "id"], unique=False
        )
        batch_op.create_index(
            "ix_shipment_plan_shipment_id", ["connection_id", "plan_shipment_id"], unique=False
        )
        batch_op.create_index("ix_shipment_warehouse_id", ["warehouse_id"], unique=False)
        batch_op.create_index(
            "ix_shipment_is_open_fba_id", ["is_open", "amazon_shipment_id", "id"], unique=False
        )
        batch_op.create_index(
            "ix_shipment_is_open_outstanding", ["is_open", "units_outstanding", "id"], unique=False
        )
        batch_op.create_index("ix_shipment_outstanding", ["units_outstanding", "id"], unique=False)
        batch_op.create_index(
            "ix_shipment_status_expected", ["status", "expected_on", "id"], unique=False
        )
        batch_op.create_index(
            "ix_shipment_flagged",
            ["expected_on", "id"],
            unique=False,
            sqlite_where=sa.text("flags != ''"),
            postgresql_where=sa.text("flags != ''"),
        )
        batch_op.create_index(
            "ix_shipment_short",
            ["expected_on", "id"],
            unique=False,
            sqlite_where=sa.text("status = 'CLOSED' AND units_received < units_shipped"),
            postgresql_where=sa.text("status = 'CLOSED' AND units_received < units_shipped"),
        )

    op.create_table(
        "stock_day",
        sa.Column("warehouse_id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("fulfillable", sa.Integer(), nullable=False),
        sa.Column("fc_transfer", sa.Integer(), nullable=False),
        sa.Column("fc_processing", sa.Integer(), nullable=False),
        sa.Column("customer_orders", sa.Integer(), nullable=False),
        sa.Column("reserved_total", sa.Integer(), nullable=False),
        sa.Column("inbound_working", sa.Integer(), nullable=False),
        sa.Column("inbound_shipped", sa.Integer(), nullable=False),
        sa.Column("inbound_receiving", sa.Integer(), nullable=False),
        sa.Column("researching", sa.Integer(), nullable=False),
        sa.Column("researching_short", sa.Integer(), nullable=False),
        sa.Column("researching_mid", sa.Integer(), nullable=False),
        sa.Column("researching_long", sa.Integer(), nullable=False),
        sa.Column("unfulfillable", sa.Integer(), nullable=False),
        sa.Column("customer_damaged", sa.Integer(), nullable=False),
        sa.Column("warehouse_damaged", sa.Integer(), nullable=False),
        sa.Column("distributor_damaged", sa.Integer(), nullable=False),
        sa.Column("carrier_damaged", sa.Integer(), nullable=False),
        sa.Column("defective", sa.Integer(), nullable=False),
        sa.Column("expired", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("pool_key", sa.String(length=64), nullable=False),
        sa.Column("local_fulfillable", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["listing_id"],
            ["listing.id"],
            name=op.f("fk_stock_day_listing_id_listing"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["warehouse_id"],
            ["warehouse.id"],
            name=op.f("fk_stock_day_warehouse_id_warehouse"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("warehouse_id", "listing_id", "day", name=op.f("pk_stock_day")),
    )
    op.create_table(
        "stock_level",
        sa.Column("warehouse_id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("seller_sku", sa.String(length=255), nullable=False),
        sa.Column("changed_at", extensions.UtcDateTime(timezone=True), nullable=False),
        sa.Column("fulfillable", sa.Integer(), nullable=False),
        sa.Column("fc_transfer", sa.Integer(), nullable=False),
        sa.Column("fc_processing", sa.Integer(), nullable=False),
        sa.Column("customer_orders", sa.Integer(), nullable=False),
        sa.Column("reserved_total", sa.Integer(), nullable=False),
        sa.Column("inbound_working", sa.Integer(), nullable=False),
        sa.Column("inbound_shipped", sa.Integer(), nullable=False),
        sa.Column("inbound_receiving", sa.Integer(), nullable=False),
        sa.Column("researching", sa.Integer(), nullable=False),
        sa.Column("researching_short", sa.Integer(), nullable=False),
        sa.Column("researching_mid", sa.Integer(), nullable=False),
        sa.Column("researching_long", sa.Integer(), nullable=False),
        sa.Column("unfulfillable", sa.Integer(), nullable=False),
        sa.Column("customer_damaged", sa.Integer(), nullable=False),
        sa.Column("warehouse_damaged", sa.Integer(), nullable=False),
        sa.Column("distributor_damaged", sa.Integer(), nullable=False),
        sa.Column("carrier_damaged", sa.Integer(), nullable=False),
        sa.Column("defective", sa.Integer(), nullable=False),
        sa.Column("expired", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("pool_key", sa.String(length=64), nullable=False),
        sa.Column("local_fulfillable", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["listing_id"],
            ["listing.id"],
            name=op.f("fk_stock_level_listing_id_listing"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["warehouse_id"],
            ["warehouse.id"],
            name=op.f("fk_stock_level_warehouse_id_warehouse"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("warehouse_id", "listing_id", name=op.f("pk_stock_level")),
    )
    with op.batch_alter_table("stock_level", schema=None) as batch_op:
        batch_op.create_index("ix_stock_level_listing_id", ["listing_id"], unique=False)
        batch_op.create_index(
            "ix_stock_level_fulfillable",
            ["fulfillable", "warehouse_id", "listing_id"],
            unique=False,
        )
        batch_op.create_index(
            "ix_stock_level_warehouse_fulfillable",
            ["warehouse_id", "fulfillable", "listing_id"],
            unique=False,
        )
        batch_op.create_index(
            "ix_stock_level_page", ["seller_sku", "warehouse_id", "listing_id"], unique=False
        )
        batch_op.create_index(
            "ix_stock_level_warehouse_page",
            ["warehouse_id", "seller_sku", "listing_id"],
            unique=False,
        )

    op.create_table(
        "stock_order",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("purchase", "transfer", name="orderkind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("extra_reference", sa.String(length=255), nullable=False),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.Column(
            "status_type",
            sa.Enum(
                "draft",
                "active",
                "closed",
                "canceled",
                name="statustype",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("destination_id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("source_missing", sa.Boolean(), nullable=False),
        sa.Column("flags", sa.String(length=200), nullable=False),
        sa.Column("created_on", sa.Date(), nullable=False),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("expected_source", sa.String(length=16), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("shipping_handling", extensions.Money(), nullable=True),
        sa.Column("shipping_handling_source", sa.String(length=16), nullable=False),
        sa.Column("units_ordered", sa.Integer(), nullable=False),
        sa.Column("units_received", sa.Integer(), nullable=False),
        sa.Column("units_outstanding", sa.Integer(), nullable=False),
        sa.Column("line_count", sa.Integer(), nullable=False),
        sa.Column("amazon_status", sa.String(length=32), nullable=False),
        sa.Column("created_at", extensions.UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind = 'transfer' OR source_id IS NULL", name=op.f("ck_stock_order_source")
        ),
        sa.CheckConstraint("units_outstanding >= 0", name=op.f("ck_stock_order_outstanding")),
        sa.CheckConstraint("units_received >= 0", name=op.f("ck_stock_order_received")),
        sa.ForeignKeyConstraint(
            ["destination_id"],
            ["warehouse.id"],
            name=op.f("fk_stock_order_destination_id_warehouse"),
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["warehouse.id"], name=op.f("fk_stock_order_source_id_warehouse")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_order")),
        sa.UniqueConstraint(
            "kind",
            "reference",
            "destination_id",
            name=op.f("uq_stock_order_kind_reference_destination_id"),
        ),
    )
    with op.batch_alter_table("stock_order", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_stock_order_destination_id"), ["destination_id"], unique=False
        )
        batch_op.create_index(
            "ix_stock_order_kind_created", ["kind", "created_on", "id"], unique=False
        )
        batch_op.create_index(
            "ix_stock_order_kind_expected", ["kind", "expected_on", "id"], unique=False
        )
        batch_op.create_index(
            "ix_stock_order_kind_reference", ["kind", "reference", "id"], unique=False
        )
        batch_op.create_index(
            "ix_stock_order_kind_status_expected",
            ["kind", "status_type", "expected_on", "id"],
            unique=False,
        )
        batch_op.create_index(
            "ix_stock_order_kind_status_reference",
            ["kind", "status_type", "reference", "id"],
            unique=False,
        )
        batch_op.create_index(
            "ix_stock_order_kind_outstanding", ["kind", "units_outstanding", "id"], unique=False
        )
        batch_op.create_index(
            "ix_stock_order_kind_status_outstanding",
            ["kind", "status_type", "units_outstanding", "id"],
            unique=False,
        )
        batch_op.create_index(
            "ix_stock_order_flagged",
            ["kind", "expected_on", "id"],
            unique=False,
            sqlite_where=sa.text("flags != ''"),
            postgresql_where=sa.text("flags != ''"),
        )
        batch_op.create_index("ix_stock_order_reference", ["reference"], unique=False)
        batch_op.create_index(batch_op.f("ix_stock_order_source_id"), ["source_id"], unique=False)

    op.create_table(
        "variant_link",
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("variant_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("confidence", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("linked_at", extensions.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"],
            ["listing.id"],
            name=op.f("fk_variant_link_listing_id_listing"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_variant_link_user_id_user"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["variant_id"],
            ["variant.id"],
            name=op.f("fk_variant_link_variant_id_variant"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("listing_id", name=op.f("pk_variant_link")),
    )
    with op.batch_alter_table("variant_link", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_variant_link_variant_id"), ["variant_id"], unique=False
        )

    op.create_table(
        "order_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("seller_sku", sa.String(length=255), nullable=False),
        sa.Column("units_ordered", sa.Integer(), nullable=False),
        sa.Column("units_received", sa.Integer(), nullable=False),
        sa.Column("units_outstanding", sa.Integer(), nullable=False),
        sa.Column("unit_cost", extensions.Money(), nullable=True),
        sa.CheckConstraint("units_ordered >= 0", name=op.f("ck_order_line_ordered")),
        sa.CheckConstraint("units_outstanding >= 0", name=op.f("ck_order_line_outstanding")),
        sa.CheckConstraint("units_received >= 0", name=op.f("ck_order_line_received")),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_order_line_listing_id_listing")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["stock_order.id"],
            name=op.f("fk_order_line_order_id_stock_order"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_line")),
        sa.UniqueConstraint(
            "order_id", "seller_sku", name=op.f("uq_order_line_order_id_seller_sku")
        ),
        postgresql_with={"fillfactor": 80},
    )
    with op.batch_alter_table("order_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_order_line_listing_id"), ["listing_id"], unique=False)

    op.create_table(
        "order_shipment",
        sa.Column("shipment_id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("linked_at", extensions.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["stock_order.id"],
            name=op.f("fk_order_shipment_order_id_stock_order"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["shipment_id"],
            ["shipment.id"],
            name=op.f("fk_order_shipment_shipment_id_shipment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user.id"],
            name=op.f("fk_order_shipment_user_id_user"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("shipment_id", name=op.f("pk_order_shipment")),
    )
    with op.batch_alter_table("order_shipment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_order_shipment_order_id"), ["order_id"], unique=False)

    op.create_table(
        "shipment_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shipment_id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("seller_sku", sa.String(length=255), nullable=False),
        sa.Column("fnsku", sa.String(length=20), nullable=False),
        sa.Column("units_shipped", sa.Integer(), nullable=False),
        sa.Column("units_received", sa.Integer(), nullable=False),
        sa.Column("units_in_case", sa.Integer(), nullable=True),
        sa.Column("is_gone", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_shipment_line_listing_id_listing")
        ),
        sa.ForeignKeyConstraint(
            ["shipment_id"],
            ["shipment.id"],
            name=op.f("fk_shipment_line_shipment_id_shipment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipment_line")),
        sa.UniqueConstraint(
            "shipment_id", "seller_sku", name=op.f("uq_shipment_line_shipment_id_seller_sku")
        ),
    )
    with op.batch_alter_table("shipment_line", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_shipment_line_listing_id"), ["listing_id"], unique=False
        )

    op.create_table(
        "shipment_status",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shipment_id", sa.Integer(), nullable=False),
        sa.Column("amazon_status", sa.String(length=32), nullable=False),
        sa.Column("seen_at", extensions.UtcDateTime(timezone=True), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["sync_run.id"],
            name=op.f("fk_shipment_status_run_id_sync_run"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["shipment_id"],
            ["shipment.id"],
            name=op.f("fk_shipment_status_shipment_id_shipment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipment_status")),
    )
    with op.batch_alter_table("shipment_status", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_shipment_status_shipment_id"), ["shipment_id"], unique=False
        )

    op.create_table(
        "receipt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("is_opening", sa.Boolean(), nullable=False),
        sa.Column("seen_at", extensions.UtcDateTime(timezone=True), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["line_id"],
            ["shipment_line.id"],
            name=op.f("fk_receipt_line_id_shipment_line"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["sync_run.id"],
            name=op.f("fk_receipt_run_id_sync_run"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
    )
    with op.batch_alter_table("receipt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_receipt_line_id"), ["line_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_receipt_received_on"), ["received_on"], unique=False)

    # connection and warehouse refer to each other: the second link is made once both are there.
    with op.batch_alter_table("connection") as batch_op:
        batch_op.create_foreign_key(
            op.f("fk_connection_default_source_id_warehouse"),
            "warehouse",
            ["default_source_id"],
            ["id"],
            ondelete="SET NULL",
        )


def downgrade() -> None:
    with op.batch_alter_table("connection") as batch_op:
        batch_op.drop_constraint(
            op.f("fk_connection_default_source_id_warehouse"), type_="foreignkey"
        )
    with op.batch_alter_table("receipt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_receipt_received_on"))
        batch_op.drop_index(batch_op.f("ix_receipt_line_id"))

    op.drop_table("receipt")
    with op.batch_alter_table("shipment_status", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shipment_status_shipment_id"))

    op.drop_table("shipment_status")
    with op.batch_alter_table("shipment_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shipment_line_listing_id"))

    op.drop_table("shipment_line")
    with op.batch_alter_table("order_shipment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_order_shipment_order_id"))

    op.drop_table("order_shipment")
    with op.batch_alter_table("order_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_order_line_listing_id"))

    op.drop_table("order_line")
    with op.batch_alter_table("variant_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_variant_link_variant_id"))

    op.drop_table("variant_link")
    with op.batch_alter_table("stock_order", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stock_order_source_id"))
        batch_op.drop_index("ix_stock_order_reference")
        batch_op.drop_index("ix_stock_order_kind_status_expected")
        batch_op.drop_index("ix_stock_order_kind_reference")
        batch_op.drop_index("ix_stock_order_kind_expected")
        batch_op.drop_index("ix_stock_order_kind_created")
        batch_op.drop_index(batch_op.f("ix_stock_order_destination_id"))

    op.drop_table("stock_order")
    with op.batch_alter_table("stock_level", schema=None) as batch_op:
        batch_op.drop_index("ix_stock_level_warehouse_page")
        batch_op.drop_index("ix_stock_level_page")
        batch_op.drop_index("ix_stock_level_listing_id")

    op.drop_table("stock_level")
    op.drop_table("stock_day")
    with op.batch_alter_table("shipment", schema=None) as batch_op:
        batch_op.drop_index("ix_shipment_warehouse_id")
        batch_op.drop_index("ix_shipment_plan_shipment_id")
        batch_op.drop_index("ix_shipment_is_open_expected_on_id")
        batch_op.drop_index("ix_shipment_expected_on_id")
        batch_op.drop_index("ix_shipment_connection_id_is_open")
        batch_op.drop_index("ix_shipment_amazon_shipment_id")

    op.drop_table("shipment")
    op.drop_table("listing_offer")
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.drop_index("ix_change_subject_kind_subject_id_id")
        batch_op.drop_index(batch_op.f("ix_change_run_id"))
        batch_op.drop_index(batch_op.f("ix_change_at"))

    op.drop_table("change")
    with op.batch_alter_table("warehouse", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_warehouse_fbm",
            sqlite_where=sa.text("kind = 'fbm'"),
            postgresql_where=sa.text("kind = 'fbm'"),
        )
        batch_op.drop_index(batch_op.f("ix_warehouse_default_source_id"))
        batch_op.drop_index(batch_op.f("ix_warehouse_connection_id"))

    op.drop_table("warehouse")
    with op.batch_alter_table("sync_run", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_sync_run_under_way",
            sqlite_where=sa.text("state IN ('queued', 'running')"),
            postgresql_where=sa.text("state IN ('queued', 'running')"),
        )
        batch_op.drop_index("ix_sync_run_state_not_before")
        batch_op.drop_index("ix_sync_run_connection_id_kind_id")

    op.drop_table("sync_run")
    op.drop_table("sync_mark")
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.drop_index("ix_report_connection_id_report_type")

    op.drop_table("report")
    op.drop_table("participation")
    with op.batch_alter_table("o_auth_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_o_auth_request_user_id"))
        batch_op.drop_index(batch_op.f("ix_o_auth_request_connection_id"))

    op.drop_table("o_auth_request")
    with op.batch_alter_table("connection_draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_connection_draft_user_id"))

    op.drop_table("connection_draft")
    with op.batch_alter_table("listing", schema=None) as batch_op:
        batch_op.drop_index("ix_listing_title_id")
        batch_op.drop_index("ix_listing_seller_sku_id")
        batch_op.drop_index("ix_listing_fnsku")
        batch_op.drop_index("ix_listing_asin")

    op.drop_table("listing")
    op.drop_table("inbound_plan")
    op.drop_table("connection_lease")
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_submission_user_id"))

    op.drop_table("submission")
    with op.batch_alter_table("one_time_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_one_time_link_user_id"))

    op.drop_table("one_time_link")
    with op.batch_alter_table("connection", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_connection_application_id"))

    op.drop_table("connection")
    with op.batch_alter_table("variant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_variant_sku"))

    op.drop_table("variant")
    op.drop_table("user")
    op.drop_table("login_throttle")
    op.drop_table("leader")
    op.drop_table("application")
    op.drop_table("account")
