/**
 * The Apex that tells the hub of changes, with «PLACES» to fill. Classes of the platform are written with their
 * namespace, since an organisation may have classes named Test, Http or JSON of its own.
 */

/** What the first line of each file says, so that an installation can tell its own from what others made. */
export const MADE_BY = 'Made by Jackfield, connection «CONNECTION».'

// One line, so that a save which a validation rule refuses has still been through all of it (before it was saved).
export const TRIGGER = `// ${MADE_BY} Written anew at each installation: do not change it here.
trigger «TRIGGER» on «OBJECT» («EVENTS») {
    «CLASS».tell('«OBJECT»', String.valueOf(Trigger.operationType), Trigger.isDelete ? Trigger.old : Trigger.new);
}
`

export const CLASS = `// ${MADE_BY} Written anew at each installation: do not change it here.
// Tells the hub which records changed, never what they hold: the hub reads them by its own rights.
public without sharing class «CLASS» implements System.Queueable, Database.AllowsCallouts {
    private static final String ENDPOINT = '«ENDPOINT»';
    private static final String KEY = '«KEY»';
    private static final String HUB_USER = '«HUB_USER»';
    private static final Integer ATTEMPTS = 3;
    @TestVisible
    private static Boolean underTest = false;

    private final String tableName;
    private final String operation;
    private final List<Id> ids;
    private final String eventId;
    private final Integer attempt;

    public «CLASS»(String tableName, String operation, List<Id> ids, String eventId, Integer attempt) {
        this.tableName = tableName;
        this.operation = operation;
        this.ids = ids;
        this.eventId = eventId;
        this.attempt = attempt;
    }

    // Called by each trigger. What cannot be told here is found by the hub's next reading.
    public static void tell(String tableName, String operation, List<SObject> rows) {
        if (operation.startsWith('BEFORE') || isMuted()) {
            return;
        }
        List<Id> ids = new List<Id>();
        for (SObject row : rows) {
            ids.add(row.Id);
        }
        String eventId = System.EncodingUtil.convertToHex(System.Crypto.generateAesKey(128));
        System.enqueueJob(new «CLASS»(tableName, operation, ids, eventId, 1));
    }

    // Run once by the hub, to see that the way is open.
    public static void ping(String eventId) {
        System.enqueueJob(new «CLASS»('', 'TEST', new List<Id>(), eventId, 1));
    }

    // The hub's own changes need not be told, the last free job is left to others, and tests of others call nobody.
    private static Boolean isMuted() {
        Boolean isOwn = Id.valueOf(System.UserInfo.getUserId()) == Id.valueOf(HUB_USER);
        Boolean hasRoom = System.Limits.getLimitQueueableJobs() - System.Limits.getQueueableJobs() > 1;
        return System.Test.isRunningTest() ? !underTest : isOwn || !hasRoom;
    }

    public void execute(System.QueueableContext context) {
        String body = System.JSON.serialize(new Map<String, Object>{
            'version' => 1,
            'organisation' => System.UserInfo.getOrganizationId(),
            'event' => eventId,
            'object' => tableName,
            'operation' => operation,
            'ids' => ids
        });
        Integer status = post(body);
        Boolean mayHelp = status == 0 || status == 429 || status >= 500;
        if (mayHelp && attempt < ATTEMPTS && !System.Test.isRunningTest()) {
            System.enqueueJob(new «CLASS»(tableName, operation, ids, eventId, attempt + 1), attempt * 3);
        }
    }

    // Signed as Standard Webhooks has it: id, seconds and body. 0 where no answer came.
    private Integer post(String body) {
        String stamp = String.valueOf(System.currentTimeMillis() / 1000);
        Blob said = Blob.valueOf(eventId + '.' + stamp + '.' + body);
        Blob mac = System.Crypto.generateMac('HmacSHA256', said, System.EncodingUtil.base64Decode(KEY));
        System.HttpRequest request = new System.HttpRequest();
        request.setEndpoint(ENDPOINT);
        request.setMethod('POST');
        request.setTimeout(20000);
        request.setHeader('Content-Type', 'application/json; charset=utf-8');
        request.setHeader('webhook-id', eventId);
        request.setHeader('webhook-timestamp', stamp);
        request.setHeader('webhook-signature', 'v1,' + System.EncodingUtil.base64Encode(mac));
        request.setBody(body);
        Integer status = 0;
        try {
            status = new System.Http().send(request).getStatusCode();
        } catch (System.CalloutException refused) {
            System.debug(refused.getMessage());
        }
        return status;
    }
}
`

export const TEST_HEAD = `// ${MADE_BY} Written anew at each installation: do not change it here.
@IsTest
private class «TEST» {
    private static Integer calls = 0;

    private class Answer implements System.HttpCalloutMock {
        private final Integer status;

        public Answer(Integer status) {
            this.status = status;
        }

        public System.HttpResponse respond(System.HttpRequest request) {
            calls += 1;
            System.assertEquals('POST', request.getMethod());
            System.assert(request.getHeader('webhook-signature').startsWith('v1,'));
            if (status == 0) {
                System.CalloutException refused = new System.CalloutException();
                refused.setMessage('Read timed out');
                throw refused;
            }
            System.HttpResponse response = new System.HttpResponse();
            response.setStatusCode(status);
            return response;
        }
    }

    private static void answerWith(Integer status) {
        System.Test.setMock(System.HttpCalloutMock.class, new Answer(status));
        «CLASS».underTest = true;
    }

    @IsTest
    static void changesAreTold() {
        answerWith(202);
        SObject row = Schema.getGlobalDescribe().get('User').newSObject(System.UserInfo.getUserId());
        System.Test.startTest();
        «CLASS».tell('User', 'AFTER_UPDATE', new List<SObject>{ row });
        System.Test.stopTest();
        System.assertEquals(1, calls);
    }

    @IsTest
    static void nothingIsToldBeforeASave() {
        answerWith(202);
        «CLASS».tell('User', 'BEFORE_INSERT', new List<SObject>());
        System.assertEquals(0, calls);
    }

    @IsTest
    static void testsOfOthersCallNobody() {
        answerWith(202);
        «CLASS».underTest = false;
        System.Test.startTest();
        «CLASS».tell('User', 'AFTER_UPDATE', new List<SObject>());
        System.Test.stopTest();
        System.assertEquals(0, calls);
    }

    @IsTest
    static void theHubIsPinged() {
        answerWith(500);
        System.Test.startTest();
        «CLASS».ping('0123456789abcdef');
        System.Test.stopTest();
        System.assertEquals(1, calls);
    }

    @IsTest
    static void aHubThatDoesNotAnswerFailsNothing() {
        answerWith(0);
        System.Test.startTest();
        new «CLASS»('User', 'AFTER_UPDATE', new List<Id>{ System.UserInfo.getUserId() }, '0123456789abcdef', 1).execute(null);
        System.Test.stopTest();
        System.assertEquals(1, calls);
    }
`

/** One for each trigger: whatever this organisation's rules make of the row, the trigger has run before it is saved. */
export const TEST_OF_OBJECT = `
    @IsTest
    static void triggerNumber«NUMBER»() {
        fire('«OBJECT»');
    }
`

export const TEST_TAIL = `
    private static void fire(String tableName) {
        try {
            if (tableName == 'User') {
                update Schema.getGlobalDescribe().get('User').newSObject(System.UserInfo.getUserId());
                return;
            }
            SObject row = sampleOf(Schema.getGlobalDescribe().get(tableName));
            Database.DMLOptions options = new Database.DMLOptions();
            options.DuplicateRuleHeader.allowSave = true;
            Database.insert(row, options);
            update row;
            delete row;
        } catch (Exception refused) {
            System.debug(refused.getMessage());
        }
    }

    private static SObject sampleOf(Schema.SObjectType kind) {
        SObject row = kind.newSObject();
        for (Schema.SObjectField field : kind.getDescribe().fields.getMap().values()) {
            Schema.DescribeFieldResult known = field.getDescribe();
            if (known.isCreateable() && !known.isNillable() && !known.isDefaultedOnCreate()) {
                row.put(field, valueFor(known));
            }
        }
        if (String.valueOf(kind) == 'Event') {
            row.put('StartDateTime', System.now());
            row.put('EndDateTime', System.now().addHours(1));
        }
        return row;
    }

    private static Object valueFor(Schema.DescribeFieldResult known) {
        switch on known.getType() {
            when PICKLIST, MULTIPICKLIST {
                List<Schema.PicklistEntry> entries = known.getPicklistValues();
                return entries.isEmpty() ? 'Jackfield' : entries[0].getValue();
            }
            when DATE {
                return System.today();
            }
            when DATETIME {
                return System.now();
            }
            when BOOLEAN {
                return false;
            }
            when INTEGER, DOUBLE, CURRENCY, PERCENT {
                return 1;
            }
            when EMAIL {
                return 'jackfield@example.com';
            }
            when REFERENCE {
                return known.getReferenceTo()[0] == Schema.getGlobalDescribe().get('User') ? System.UserInfo.getUserId() : null;
            }
            when else {
                return known.getLength() > 0 ? 'Jackfield'.left(known.getLength()) : 'Jackfield';
            }
        }
    }
}
`
